// Wakes the behaviours of a page: an element with data-picker gets picker.js, and so on.
// The addresses stand on this script's own tag, because file names carry a hash.
// Without JavaScript every page still works.

const files = document.getElementById( 'site' ).dataset;
const awake = new WeakMap();
let said = null;

// What was typed into a form that met somebody signed out waits through the pages of signing in,
// goes to leave.js on the page of the form, and is gone on any other page or for anybody else.
function fetchTyped() {
	const record = JSON.parse( sessionStorage.getItem( 'typed' ) || 'null' );
	const { who } = document.body.dataset;
	if ( !record ) {
		return;
	}
	if ( !who && location.pathname.startsWith( '/accounts/' ) ) {
		sessionStorage.setItem( 'typed', JSON.stringify( { ...record, waits: true } ) );
		return;
	}
	sessionStorage.removeItem( 'typed' );
	if ( record.waits && record.who === who && record.page === location.pathname + location.search ) {
		document.body.dataset.typed = JSON.stringify( record );
	}
}

async function wake( root ) {
	for ( const [ hook, file ] of Object.entries( files ) ) {
		for ( const place of root.querySelectorAll( `[data-${ hook }]:not( #site )` ) ) {
			const hooks = awake.get( place ) || new Set();
			if ( !hooks.has( hook ) ) {
				awake.set( place, hooks.add( hook ) );
				( await import( file ) ).start( place );
			}
		}
	}
}

// Says a sentence to those who see and to those who listen, where messages stand.
function say( words, kind = 'error' ) {
	const box = document.createElement( 'div' );
	box.className = `cdx-message cdx-message--block cdx-message--${ kind }`;
	const icon = document.createElement( 'span' );
	icon.className = 'cdx-message__icon';
	const content = document.createElement( 'div' );
	content.className = 'cdx-message__content';
	content.textContent = words;
	box.append( icon, content );
	document.getElementById( 'messages' ).replaceChildren( box );
	said = box;
}

document.addEventListener( 'htmx:after:swap', () => {
	said?.remove();
	wake( document );
} );
for ( const event of [ 'htmx:response:error', 'htmx:error' ] ) {
	document.addEventListener( event, () => say( document.getElementById( 'messages' ).dataset.failed ) );
}
document.addEventListener( 'typed-again', () => say( document.getElementById( 'messages' ).dataset.again, 'success' ) );
// What a browser cannot read it sends as nothing: then the form stays where it is.
document.addEventListener( 'submit', ( event ) => {
	const field = [ ...event.target.elements ].find( ( one ) => one.validity?.badInput );
	if ( field ) {
		event.preventDefault();
		event.stopPropagation();
		import( files.unread ).then( ( { start } ) => start( field ) );
	}
}, true );
try {
	fetchTyped();
} catch {
	// A browser that stores nothing keeps nothing.
}
wake( document );
