// <form data-scoring>: while a scale has the focus, a digit scores it and leads to the next one;
// Ctrl and Enter give the review. Without a keyboard nothing changes.

const form = document.querySelector( '[data-scoring]' );
const scales = [ ...form?.querySelectorAll( 'fieldset:has( .choices--scale, .choices--words )' ) || [] ];

function firstOf( scale ) {
	return scale?.querySelector( ':checked' ) || scale?.querySelector( 'input' );
}

function score( pressed ) {
	const scale = pressed.target.closest( 'fieldset' );
	const values = [ ...scale?.querySelectorAll( '.choices--scale input' ) || [] ];
	const chosen = values.find( ( input ) => input.value === pressed.key );
	if ( !chosen || pressed.ctrlKey || pressed.metaKey || pressed.altKey ) {
		return;
	}
	pressed.preventDefault();
	chosen.checked = true;
	chosen.dispatchEvent( new Event( 'input', { bubbles: true } ) );
	( firstOf( scales[ scales.indexOf( scale ) + 1 ] ) || form.elements.words ).focus();
}

form?.addEventListener( 'keydown', ( pressed ) => {
	if ( pressed.key === 'Enter' && ( pressed.ctrlKey || pressed.metaKey ) ) {
		pressed.preventDefault();
		form.requestSubmit( form.querySelector( '[name=step]' ) );
	} else {
		score( pressed );
	}
} );
