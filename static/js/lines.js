// <div data-lines data-prefix="line"> with <template data-line> and [data-line-row]s, each with a
// [data-line-remove]; [data-line-add] adds one at once. Without JavaScript both buttons send the form.

export function start( root ) {
	const total = root.querySelector( `[name="${ root.dataset.prefix }-TOTAL_FORMS"]` );
	const template = root.querySelector( 'template[data-line]' );
	const adding = root.querySelector( '[data-line-add]' );
	const rows = () => [ ...root.querySelectorAll( '[data-line-row]' ) ];

	// After a removal the rows keep their numbers; an emptied one does not count.
	function add() {
		const number = Number( total.value );
		const made = document.createElement( 'div' );
		made.innerHTML = template.innerHTML.replaceAll( '__prefix__', number ).replaceAll( '__number__', number + 1 );
		const row = made.firstElementChild;
		const currency = rows().pop()?.querySelector( 'select[name$=-currency]' )?.value;
		if ( currency ) {
			row.querySelector( 'select[name$=-currency]' ).value = currency;
		}
		adding.parentElement.before( row );
		total.value = number + 1;
		adding.hidden = total.value >= Number( root.dataset.most );
		return row;
	}

	root.addEventListener( 'click', ( event ) => {
		const remove = event.target.closest( '[data-line-remove]' );
		if ( event.target.closest( '[data-line-add]' ) ) {
			event.preventDefault();
			add().querySelector( 'input' ).focus();
		} else if ( remove ) {
			event.preventDefault();
			const row = remove.closest( '[data-line-row]' );
			const next = row.nextElementSibling?.querySelector( 'input' ) || adding;
			row.remove();
			next.focus();
			root.dispatchEvent( new Event( 'input', { bubbles: true } ) );
		}
	} );
	root.addEventListener( 'lines', ( event ) => {
		while ( Number( total.value ) < Math.min( event.detail.count, Number( root.dataset.most ) ) ) {
			add();
		}
	} );
}
