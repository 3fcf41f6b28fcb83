// <button data-copy="text" data-copied="Copied" hidden>: copies, and says so beside itself.

export function start( button ) {
	if ( !navigator.clipboard ) {
		return;
	}
	const said = document.createElement( 'span' );
	said.className = 'copied';
	said.setAttribute( 'role', 'status' );
	button.after( said );
	button.hidden = false;
	button.addEventListener( 'click', async () => {
		await navigator.clipboard.writeText( button.dataset.copy || location.href );
		said.textContent = button.dataset.copied;
		setTimeout( () => { said.textContent = ''; }, 4000 );
	} );
}
