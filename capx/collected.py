"""Which static files are served: what a page can ask for, not all that npm packages hold."""

from django.contrib.staticfiles.apps import StaticFilesConfig

UNUSED = [
    *("*.cjs", "*.d.ts", "*.esm*.js", "*.map", "*.less", "*.scss", "*.md", "LICENSE*"),
    *("codex.js", "modules", "sandbox", "types", "mixins", "messageKeys.json"),  # Codex in Vue
    *("theme-*.json", "theme-*.js", "django_htmx/ext/*"),
    *("htmx-*.js", "htmax*", "editors", "scripts", "skills"),  # htmx for other places
]


class Collected(StaticFilesConfig):
    """Static files without those that nobody asks for."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNUSED]
