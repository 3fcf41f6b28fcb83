// <form data-keep>: asks before one leaves with words that were not sent.

export function start( form ) {
	let touched = false;
	form.addEventListener( 'input', () => { touched = true; } );
	form.addEventListener( 'submit', () => { touched = false; } );
	form.addEventListener( 'kept', () => { touched = false; } );
	window.addEventListener( 'beforeunload', ( event ) => {
		if ( touched && form.isConnected ) {
			event.preventDefault();
		}
	} );
}
