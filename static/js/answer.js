// An answer that a link of the mail has chosen: the click on the link is the answer, so it is sent
// once somebody has had it before them for a moment, unless they take to the form themselves.
// Programs that look through mail run no scripts, leave at once, or say that nobody sits before
// them; for them, and where scripts are off, the button stays.

const MOMENT = 3000; // milliseconds
const form = document.querySelector( 'form[data-chosen]' );
let waits;

function begin() {
	clearTimeout( waits );
	if ( document.visibilityState === 'visible' ) {
		waits = setTimeout( () => form.requestSubmit(), MOMENT );
	}
}

function leaveItToThem() {
	clearTimeout( waits );
	document.removeEventListener( 'visibilitychange', begin );
	form.querySelector( '[data-soon]' ).hidden = true;
}

if ( form && !navigator.webdriver ) {
	form.querySelector( '[data-soon]' ).hidden = false;
	document.addEventListener( 'visibilitychange', begin );
	form.addEventListener( 'input', leaveItToThem, { once: true } );
	begin();
}
