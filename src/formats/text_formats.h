// The formats for text of other programs, for the table of formats.
#pragma once

#include "formats/reader.h"

namespace countersign {

Read read_conll, read_conllu, read_brat, read_spacy, read_prodigy, read_doccano, read_argilla,
    read_fasttext;
Write write_conll, write_conllu, write_brat, write_spacy, write_prodigy, write_doccano,
    write_argilla, write_fasttext;

/// How sure each is, from names and the first bytes; surer than plain JSON Lines or plain text
/// where the marks of the program are there.
double recognise_conll(const Source& source);
double recognise_conllu(const Source& source);
double recognise_brat(const Source& source);
double recognise_spacy(const Source& source);
double recognise_prodigy(const Source& source);
double recognise_doccano(const Source& source);
double recognise_argilla(const Source& source);
double recognise_fasttext(const Source& source);

}  // namespace countersign
