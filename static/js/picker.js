// <div class="picker" data-picker data-url="/skills/suggest/" data-list="skills" …>
// Chosen things as chips, a combobox for the next one, suggestions from `url`?q=….
// The answer is {"<list>": [{"slug" or "id": …, "label": …, "hint": …}]}.
// The server renders a plain text field [data-plain] for those without JavaScript; it is put away here.
// data-one: at most one thing (a place). What is sent: hidden inputs named data-name, and under
// the same name what was typed and not picked, so that nothing typed is lost.

const PAUSE = 180;
let number = 0;

function make( tag, attributes = {}, text = '' ) {
	const element = document.createElement( tag );
	for ( const [ name, value ] of Object.entries( attributes ) ) {
		element.setAttribute( name, value );
	}
	element.textContent = text;
	return element;
}

class Picker {
	constructor( root ) {
		this.root = root;
		this.words = root.dataset;
		this.one = 'one' in root.dataset;
		this.id = `picker-${ ++number }`;
		this.options = [];
		this.at = -1;
		this.plain = root.querySelector( '[data-plain]' );
		this.build();
		for ( const chosen of root.querySelectorAll( '[data-chosen]' ) ) {
			this.add( chosen.dataset.chosen, chosen.textContent.trim(), false );
			chosen.remove();
		}
		this.watch();
	}

	build() {
		// Somebody on a slow line may have begun to type before this came.
		const focused = document.activeElement === this.plain;
		const begun = focused && this.plain.value !== this.plain.defaultValue;
		this.box = make( 'div', { class: 'picker__box' } );
		this.input = make( 'input', {
			class: 'picker__input', type: 'text', role: 'combobox', dir: 'auto', id: this.plain.id,
			autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false',
			'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': this.id
		} );
		for ( const name of [ 'aria-describedby', 'aria-invalid', 'aria-label', 'placeholder' ] ) {
			if ( this.plain.hasAttribute( name ) ) {
				this.input.setAttribute( name, this.plain.getAttribute( name ) );
			}
		}
		// What was typed and not picked is sent too: the server may know it, and else says what comes near.
		this.put( begun ? this.plain.value.split( ',' ).pop().trim() : this.words.rest );
		this.list = make( 'ul', { class: 'picker__list', role: 'listbox', id: this.id, 'aria-label': this.words.label } );
		this.list.hidden = true;
		this.live = make( 'div', { class: 'hidden-visually', role: 'status' } );
		this.root.querySelectorAll( '[data-plain-box]' ).forEach( ( plain ) => plain.remove() );
		this.box.append( this.input );
		this.root.append( this.box, this.list, this.live );
		if ( focused ) {
			this.input.focus();
		}
		if ( begun ) {
			this.ask();
		}
	}

	watch() {
		let timer = 0;
		this.input.addEventListener( 'input', ( event ) => {
			this.put( this.input.value );
			if ( this.one && this.input.value ) {
				this.box.querySelector( '.picker__chip' )?.remove();
			}
			clearTimeout( timer );
			timer = setTimeout( () => this.ask(), PAUSE );
		} );
		this.input.addEventListener( 'keydown', ( event ) => this.key( event ) );
		this.input.addEventListener( 'blur', () => setTimeout( () => this.close(), 150 ) );
		this.list.addEventListener( 'pointerdown', ( event ) => event.preventDefault() );
		this.list.addEventListener( 'click', ( event ) => {
			const option = event.target.closest( '[role=option]' );
			if ( option ) {
				this.take( Number( option.dataset.at ) );
			}
		} );
		this.box.addEventListener( 'click', ( event ) => {
			if ( event.target === this.box ) {
				this.input.focus();
			}
		} );
	}

	async ask() {
		const typed = this.input.value.trim();
		this.asking?.abort();
		if ( !typed ) {
			this.close();
			return;
		}
		this.asking = new AbortController();
		try {
			const url = `${ this.words.url }?q=${ encodeURIComponent( typed ) }`;
			const answer = await fetch( url, { headers: { Accept: 'application/json' }, signal: this.asking.signal } );
			const found = answer.ok ? ( await answer.json() )[ this.words.list ] : [];
			const known = this.values();
			this.show( found
				.map( ( one ) => ( { value: String( one.slug ?? one.id ), label: one.label, hint: one.hint || '' } ) )
				.filter( ( one ) => !known.includes( one.value ) ) );
		} catch ( error ) {
			if ( error.name !== 'AbortError' ) {
				this.show( [] );
			}
		}
	}

	show( options ) {
		this.options = options;
		this.point( -1 );
		this.list.replaceChildren( ...options.map( ( one, at ) => {
			const option = make( 'li', { class: 'picker__option', role: 'option', id: `${ this.id }-${ at }`, 'data-at': at, 'aria-selected': 'false' } );
			option.append( make( 'span', { dir: 'auto' }, one.label ) );
			if ( one.hint ) {
				option.append( make( 'span', { class: 'picker__hint', dir: 'auto' }, one.hint ) );
			}
			return option;
		} ) );
		if ( !options.length ) {
			this.list.append( make( 'li', { class: 'picker__none', role: 'option', 'aria-disabled': 'true' }, this.words.none ) );
		}
		this.list.hidden = false;
		this.input.setAttribute( 'aria-expanded', 'true' );
		this.live.textContent = options.length ? this.words.found.replace( '{number}', options.length ) : this.words.none;
	}

	close() {
		this.list.hidden = true;
		this.options = [];
		this.point( -1 );
		this.input.setAttribute( 'aria-expanded', 'false' );
	}

	point( at ) {
		this.list.querySelector( '[aria-selected=true]' )?.setAttribute( 'aria-selected', 'false' );
		this.at = at;
		const option = at < 0 ? null : this.list.children[ at ];
		if ( option ) {
			option.setAttribute( 'aria-selected', 'true' );
			option.scrollIntoView( { block: 'nearest' } );
			this.input.setAttribute( 'aria-activedescendant', option.id );
		} else {
			this.input.removeAttribute( 'aria-activedescendant' );
		}
	}

	key( event ) {
		const last = this.options.length - 1;
		if ( event.key === 'ArrowDown' && this.list.hidden ) {
			this.ask();
		} else if ( event.key === 'ArrowDown' ) {
			this.point( this.at < last ? this.at + 1 : 0 );
		} else if ( event.key === 'ArrowUp' ) {
			this.point( this.at > 0 ? this.at - 1 : last );
		} else if ( event.key === 'Enter' && !this.list.hidden ) {
			this.take( Math.max( this.at, 0 ) );
		} else if ( event.key === 'Enter' && this.input.value.trim() ) {
			this.ask();
		} else if ( event.key === 'Escape' && !this.list.hidden ) {
			this.close();
		} else if ( event.key === 'Backspace' && !this.input.value && this.box.querySelector( '.picker__chip' ) ) {
			this.drop( [ ...this.box.querySelectorAll( '.picker__chip' ) ].pop() );
			return;
		} else {
			return;
		}
		event.preventDefault();
	}

	take( at ) {
		const option = this.options[ at ];
		if ( option ) {
			this.add( option.value, option.label, true );
			this.put( '' );
			this.close();
			this.input.focus();
		}
	}

	put( typed ) {
		if ( this.input.value !== typed ) {
			this.input.value = typed;
		}
		this.input.name = typed.trim() ? this.words.name : '';
	}

	add( value, label, told ) {
		if ( this.one ) {
			this.box.querySelectorAll( '.picker__chip' ).forEach( ( chip ) => chip.remove() );
		}
		const chip = make( 'span', { class: 'picker__chip' } );
		const remove = make( 'button', { class: 'picker__remove', type: 'button', 'aria-label': this.words.remove.replace( '{label}', label ) } );
		remove.addEventListener( 'click', () => this.drop( chip ) );
		chip.append( make( 'bdi', {}, label ), make( 'input', { type: 'hidden', name: this.words.name, value } ), remove );
		this.box.insertBefore( chip, this.input );
		if ( told ) {
			this.changed( this.words.added.replace( '{label}', label ) );
		}
	}

	drop( chip ) {
		const label = chip.querySelector( 'bdi' ).textContent;
		chip.remove();
		this.changed( this.words.removed.replace( '{label}', label ) );
		this.input.focus();
	}

	values() {
		return [ ...this.box.querySelectorAll( 'input[type=hidden]' ) ].map( ( input ) => input.value );
	}

	changed( said ) {
		this.live.textContent = said;
		this.root.dispatchEvent( new Event( 'input', { bubbles: true } ) );
		this.root.dispatchEvent( new Event( 'change', { bubbles: true } ) );
	}
}

export function start( root ) {
	return new Picker( root );
}
