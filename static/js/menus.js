// <details data-menu>: closes on Escape and when something outside is pressed.

export function start( menu ) {
	document.addEventListener( 'click', ( event ) => {
		if ( menu.open && !menu.contains( event.target ) ) {
			menu.open = false;
		}
	} );
	menu.addEventListener( 'focusout', ( event ) => {
		if ( event.relatedTarget && !menu.contains( event.relatedTarget ) ) {
			menu.open = false;
		}
	} );
	menu.addEventListener( 'keydown', ( event ) => {
		if ( event.key === 'Escape' && menu.open ) {
			menu.open = false;
			menu.querySelector( 'summary' ).focus();
		}
	} );
}
