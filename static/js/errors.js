// <div data-errors>: what a form has to say stands where the eye and the cursor are.

export function start( summary ) {
	summary.focus();
}
