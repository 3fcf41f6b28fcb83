// The desk of organisers: gives a name to each field that Django's admin leaves without one,
// lets keys reach what is wider than the window, and Enter choose what was typed for.

function nameCells( root ) {
	for ( const field of root.querySelectorAll( '.tabular td :is( input:not( [type=hidden] ), select, textarea )' ) ) {
		const cell = field.closest( 'td' );
		const head = field.closest( 'table' ).tHead.rows[ 0 ].cells[ cell.cellIndex ];
		if ( !field.labels.length && head ) {
			field.setAttribute( 'aria-label', head.textContent.trim() );
		}
	}
}

function nameChosen( root ) {
	for ( const field of root.querySelectorAll( 'select.select2-hidden-accessible' ) ) {
		const name = field.ariaLabel || field.labels[ 0 ]?.textContent.trim();
		const box = field.nextElementSibling;
		for ( const part of box?.querySelectorAll( '.select2-selection, .select2-selection__rendered, .select2-search__field' ) || [] ) {
			part.setAttribute( 'aria-label', name );
		}
	}
}

function reachGroups() {
	for ( const group of document.querySelectorAll( '.inline-group' ) ) {
		if ( !group.querySelector( 'a, button, input:not( [type=hidden] ), select, textarea' ) ) {
			group.tabIndex = 0;
		}
	}
}

function pointAtWhatCanBeChosen() {
	const Results = window.django?.jQuery?.fn.select2?.amd.require( 'select2/results' );
	if ( !Results ) {
		return;
	}
	const first = Results.prototype.highlightFirstItem;
	Results.prototype.highlightFirstItem = function () {
		const others = this.options.get( 'multiple' ) ? this.$results.find( '[aria-selected=false]' ) : [];
		if ( !others.length ) {
			return first.call( this );
		}
		others.first().trigger( 'mouseenter' );
		this.ensureHighlightVisible();
	};
}

function nameAll( root ) {
	nameCells( root );
	nameChosen( root );
}

reachGroups();
pointAtWhatCanBeChosen();

// jQuery calls those who wait for it in their order: the pickers are there by then.
( window.django?.jQuery || ( ( then ) => then() ) )( () => nameAll( document ) );
document.addEventListener( 'formset:added', ( added ) => nameAll( added.target.parentElement ) );
