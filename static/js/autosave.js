// <form data-autosave data-autosave-url="…" data-kept="Draft kept" data-not-kept="…">:
// two seconds after the last change the form is posted there, and a line says it was kept.
// An answer of 2xx counts as kept; a JSON answer {"url": "…"} is where the next copy goes.

const PAUSE = 2000;

export function start( form ) {
	let line = form.querySelector( '[data-kept-line]' );
	if ( !line ) {
		line = document.createElement( 'p' );
		line.className = 'form__kept';
		line.setAttribute( 'role', 'status' );
		form.append( line );
	}
	let timer = 0;
	let sending = null;

	async function keep() {
		sending?.abort();
		sending = new AbortController();
		try {
			const answer = await fetch( form.dataset.autosaveUrl, {
				method: 'POST',
				body: new FormData( form ),
				headers: { Accept: 'application/json', 'X-Autosave': '1' },
				signal: sending.signal
			} );
			if ( !answer.ok ) {
				throw new Error( String( answer.status ) );
			}
			if ( ( answer.headers.get( 'Content-Type' ) || '' ).includes( 'json' ) ) {
				const { url } = await answer.json();
				form.dataset.autosaveUrl = url || form.dataset.autosaveUrl;
			}
			line.textContent = form.dataset.kept;
			form.dispatchEvent( new Event( 'kept' ) );
		} catch ( error ) {
			if ( error.name !== 'AbortError' ) {
				line.textContent = form.dataset.notKept;
			}
		}
	}

	form.addEventListener( 'input', () => {
		clearTimeout( timer );
		timer = setTimeout( keep, PAUSE );
	} );
	form.addEventListener( 'submit', () => {
		clearTimeout( timer );
		sending?.abort();
	} );
}
