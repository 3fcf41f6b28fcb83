// An answer that a link of the mail has chosen: the click on the link is the answer, so it is sent
// once somebody has had it before them for a moment. Whoever touches the page or presses a key has
// all the time they want, and the button. Programs that look through mail run no scripts, leave at
// once, or say that nobody sits before them; for them, and where scripts are off, it stays, too.

const MOMENT = 3000; // milliseconds
// A screen reader may click or choose without a pointer or a key.
const ACTS = [ 'pointerdown', 'keydown', 'wheel', 'click', 'input', 'submit' ];
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
	ACTS.forEach( ( act ) => document.removeEventListener( act, leaveItToThem ) );
	form.querySelector( '[data-soon]' ).hidden = true;
}

if ( form && !navigator.webdriver ) {
	form.querySelector( '[data-soon]' ).hidden = false;
	document.addEventListener( 'visibilitychange', begin );
	ACTS.forEach( ( act ) => document.addEventListener( act, leaveItToThem, { passive: true } ) );
	begin();
}
