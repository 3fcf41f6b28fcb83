// <div data-errors>: what a form has to say stands where the eye and the cursor are. A link to a
// group of choices, to a picker or into a fold puts the cursor into the field itself; where htmx
// has put other fields in place, what was said about the old ones is gone.

export function start( summary ) {
	summary.focus();
	summary.addEventListener( 'click', ( event ) => {
		const link = event.target.closest( 'a[href^="#"]' );
		const field = link && document.getElementById( link.hash.slice( 1 ) );
		if ( field ) {
			event.preventDefault();
			for ( let fold = field.closest( 'details' ); fold; fold = fold.parentElement.closest( 'details' ) ) {
				fold.open = true;
			}
			( field.labels?.[ 0 ] || field ).scrollIntoView( { block: 'center' } );
			field.focus( { preventScroll: true } );
		}
	} );
	document.addEventListener( 'htmx:after:swap', () => {
		if ( !document.querySelector( '.cdx-field__validation-message' ) ) {
			summary.remove();
		}
	} );
}
