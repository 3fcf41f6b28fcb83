// <textarea maxlength="…" data-count="{left} letters left">: says how much room is left, near the end only.

export function start( field ) {
	const line = document.createElement( 'div' );
	line.className = 'cdx-field__counter';
	line.setAttribute( 'role', 'status' );
	( field.closest( '.cdx-field__control' ) || field.parentElement ).append( line );
	const update = () => {
		const left = field.maxLength - field.value.length;
		const near = left < field.maxLength * 0.15;
		line.textContent = near ? field.dataset.count.replace( '{left}', left ) : '';
	};
	field.addEventListener( 'input', update );
	update();
}
