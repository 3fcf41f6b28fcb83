// A day or a number that is only half there: a browser would send nothing in its place, so the form
// stays, and the field says why until it is whole or empty.

export function start( field ) {
	field.setAttribute( 'aria-invalid', 'true' );
	field.focus();
	if ( field.dataset.half ) {
		return;
	}
	const told = document.createElement( 'div' );
	told.className = 'cdx-field__validation-message cdx-message cdx-message--inline cdx-message--error';
	told.setAttribute( 'role', 'alert' );
	told.id = field.dataset.half = `${ field.id }_unread`;
	const icon = document.createElement( 'span' );
	icon.className = 'cdx-message__icon';
	const words = document.createElement( 'div' );
	words.className = 'cdx-message__content';
	words.textContent = document.getElementById( 'messages' ).dataset.unreadable;
	told.append( icon, words );
	const described = field.getAttribute( 'aria-describedby' ) || '';
	field.setAttribute( 'aria-describedby', `${ described } ${ told.id }`.trim() );
	( field.closest( '.cdx-field' ) || field.parentElement ).append( told );
	// Who empties a day that was half there changes nothing, to a browser: so look on leaving, too.
	const look = () => {
		if ( !field.validity.badInput ) {
			told.remove();
			delete field.dataset.half;
			field.removeAttribute( 'aria-invalid' );
			field.setAttribute( 'aria-describedby', described );
			field.removeEventListener( 'change', look );
			field.removeEventListener( 'blur', look );
		}
	};
	field.addEventListener( 'change', look );
	field.addEventListener( 'blur', look );
}
