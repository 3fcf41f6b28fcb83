// <form data-autosave data-autosave-url="…" data-kept="Draft kept" data-not-kept="…">:
// two seconds after the last change the form is posted there, and a line says it was kept.
// An answer of 2xx counts as kept; a JSON answer {"url": "…"} is where the next copy goes.

const PAUSE = 2000;

// Whether somebody was quicker than this script, or the browser brought back what was typed.
function begun( form ) {
	return [ ...form.elements ].some( ( field ) => {
		if ( field.type === 'checkbox' || field.type === 'radio' ) {
			return field.checked !== field.defaultChecked;
		}
		return [ 'TEXTAREA', 'INPUT' ].includes( field.tagName ) && field.type !== 'hidden' &&
			field.value !== field.defaultValue;
	} );
}

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

	function soon() {
		clearTimeout( timer );
		timer = setTimeout( keep, PAUSE );
	}

	if ( begun( form ) ) {
		soon();
	}
	form.addEventListener( 'input', soon );
	form.addEventListener( 'submit', () => {
		clearTimeout( timer );
		sending?.abort();
	} );
}
