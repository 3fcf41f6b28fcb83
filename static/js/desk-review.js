// A list of applications at the desk: one box in its head ticks all that are shown.

function offerAll( table ) {
	const boxes = [ ...table.querySelectorAll( 'tbody input[name=of]' ) ];
	const head = table.tHead.rows[ 0 ].cells[ 0 ];
	if ( !boxes.length || head.tagName !== 'TD' ) {
		return;
	}
	const all = document.createElement( 'input' );
	all.type = 'checkbox';
	all.setAttribute( 'aria-label', table.dataset.all );
	all.addEventListener( 'change', () => boxes.forEach( ( box ) => {
		box.checked = all.checked;
	} ) );
	table.addEventListener( 'change', () => {
		const ticked = boxes.filter( ( box ) => box.checked ).length;
		all.checked = ticked === boxes.length;
		all.indeterminate = ticked > 0 && ticked < boxes.length;
	} );
	head.append( all );
}

document.querySelectorAll( 'table[data-all]' ).forEach( offerAll );
