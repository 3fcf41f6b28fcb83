// <input type="hidden" data-zone>: the time zone of the browser, for the first clock of an account.
// <select data-zone="Your browser is in {zone}." data-zone-take="…" data-zone-leave="…">: offers it
// where another clock is kept, once for each zone that somebody says no to.

const DAYS = [ new Date( '2026-01-15T12:00Z' ), new Date( '2026-07-15T12:00Z' ) ];

function hoursIn( zone ) {
	return DAYS.map( ( day ) => day.toLocaleString( 'en', { timeZone: zone } ) ).join();
}

function knows( zone ) {
	try {
		return localStorage.getItem( 'zone-left' ) === zone;
	} catch {
		return false;
	}
}

function button( words, act ) {
	const made = document.createElement( 'button' );
	Object.assign( made, { type: 'button', className: 'cdx-button', textContent: words } );
	made.addEventListener( 'click', act );
	return made;
}

function offer( select, zone ) {
	const line = document.createElement( 'div' );
	line.className = 'cluster zone-offer';
	const words = document.createElement( 'span' );
	const listed = [ ...select.options ].find( ( option ) => option.value === zone );
	words.textContent = select.dataset.zone.replace( '{zone}', listed ? listed.textContent : zone.replaceAll( '_', ' ' ) );
	line.append( words, button( select.dataset.zoneTake, () => {
		if ( !listed ) {
			select.append( new Option( zone.replaceAll( '_', ' ' ), zone ) );
		}
		select.value = zone;
		line.remove();
		select.focus();
		select.dispatchEvent( new Event( 'input', { bubbles: true } ) );
	} ), button( select.dataset.zoneLeave, () => {
		line.remove();
		select.focus();
		try {
			localStorage.setItem( 'zone-left', zone );
		} catch {
			// A browser that stores nothing asks again.
		}
	} ) );
	select.after( line );
}

export function start( field ) {
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	if ( field.type === 'hidden' ) {
		field.value = zone || '';
	} else if ( zone?.includes( '/' ) && !zone.startsWith( 'Etc/' ) && hoursIn( zone ) !== hoursIn( field.value ) && !knows( zone ) ) {
		offer( field, zone );
	}
}
