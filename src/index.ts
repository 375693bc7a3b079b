export interface Foo { readonly bar: string }
