// <form data-keep>: asks before one leaves with words that were not sent. And where a form meets
// somebody signed out, what was typed is there again once they have signed in (see site.js).
// It stays in this tab's sessionStorage, never passwords or files, and only until it is back.

const MARK = 'typed-is-kept';
const SECRET = [ 'csrfmiddlewaretoken', MARK ];

function numberOf( form ) {
	return [ ...document.querySelectorAll( 'form[data-keep]' ) ].indexOf( form );
}

function typedIn( form ) {
	const secret = [ ...form.querySelectorAll( '[type=password]' ) ].map( ( field ) => field.name );
	return [ ...new FormData( form ) ].filter( ( [ name, value ] ) =>
		typeof value === 'string' && !SECRET.includes( name ) && !secret.includes( name ) );
}

function chosenIn( picker ) {
	return {
		name: picker.dataset.name,
		rest: picker.querySelector( '[role=combobox]' )?.value || '',
		chips: [ ...picker.querySelectorAll( '.picker__chip' ) ].map( ( chip ) =>
			[ chip.querySelector( 'input' ).value, chip.querySelector( 'bdi' ).textContent ] )
	};
}

function hold( form ) {
	const record = {
		page: location.pathname + location.search,
		who: document.body.dataset.who,
		form: numberOf( form ),
		typed: typedIn( form ),
		pickers: [ ...form.querySelectorAll( '.picker' ) ].map( chosenIn )
	};
	try {
		sessionStorage.setItem( 'typed', JSON.stringify( record ) );
	} catch {
		return; // full, or switched off: then nothing is promised
	}
	if ( !form.elements[ MARK ] ) {
		const mark = document.createElement( 'input' );
		Object.assign( mark, { type: 'hidden', name: MARK, value: '1' } );
		form.append( mark );
	}
}

// Pickers are not awake yet: they take up what the server would have written.
function fillPicker( picker, { chips, rest } ) {
	picker.querySelectorAll( '[data-chosen]' ).forEach( ( old ) => old.remove() );
	for ( const [ value, label ] of chips ) {
		const chosen = document.createElement( 'span' );
		Object.assign( chosen, { hidden: true, textContent: label } );
		chosen.dataset.chosen = value;
		picker.prepend( chosen );
	}
	picker.dataset.rest = rest;
}

function fillField( field, values, at ) {
	if ( field.type === 'checkbox' || field.type === 'radio' ) {
		field.checked = values.includes( field.value );
	} else if ( values[ at ] !== undefined && field.type !== 'file' ) {
		field.value = values[ at ];
	}
}

// Lines that were added have to be there before they can be filled.
function addLines( form, values ) {
	for ( const lines of form.querySelectorAll( '[data-lines]' ) ) {
		const wanted = Number( values.get( `${ lines.dataset.prefix }-TOTAL_FORMS` )?.[ 0 ] || 0 );
		const detail = { count: wanted };
		lines.dispatchEvent( new CustomEvent( 'lines', { detail } ) );
	}
}

function putBack( form, record ) {
	const values = new Map();
	record.typed.forEach( ( [ name, value ] ) => values.set( name, [ ...values.get( name ) || [], value ] ) );
	addLines( form, values );
	const seen = {};
	for ( const field of [ ...form.elements ] ) {
		if ( field.name && !SECRET.includes( field.name ) && !field.closest( '.picker' ) && field.type !== 'submit' ) {
			seen[ field.name ] = ( seen[ field.name ] ?? -1 ) + 1;
			fillField( field, values.get( field.name ) || [], seen[ field.name ] );
		}
	}
	const pickers = [ ...form.querySelectorAll( '.picker' ) ];
	record.pickers.forEach( ( one ) => {
		const picker = pickers.find( ( found ) => found.dataset.name === one.name );
		if ( picker ) {
			fillPicker( picker, one );
		}
	} );
	form.querySelectorAll( 'details' ).forEach( ( part ) => {
		part.open = part.open || [ ...part.querySelectorAll( 'input, textarea' ) ].some( ( field ) => field.value && field.value !== field.defaultValue );
	} );
	form.dispatchEvent( new Event( 'input', { bubbles: true } ) );
	document.dispatchEvent( new Event( 'typed-again' ) );
}

export function start( form ) {
	let touched = false;
	form.addEventListener( 'input', () => { touched = true; } );
	form.addEventListener( 'submit', () => {
		touched = false;
		hold( form );
	} );
	form.addEventListener( 'kept', () => { touched = false; } );
	window.addEventListener( 'beforeunload', ( event ) => {
		if ( touched && form.isConnected ) {
			event.preventDefault();
		}
	} );
	const record = JSON.parse( form.ownerDocument.body.dataset.typed || 'null' );
	if ( record && record.form === numberOf( form ) ) {
		delete document.body.dataset.typed;
		putBack( form, record );
	}
}
