// The formats for recordings, for the table of formats.
#pragma once

#include "formats/reader.h"

namespace countersign {

Read read_sounds, read_rttm, read_textgrid, read_webvtt, read_srt, read_ctm, read_audacity,
    read_eaf, read_asr_manifest;
Write write_rttm, write_textgrid, write_webvtt, write_srt, write_ctm, write_audacity, write_eaf,
    write_asr_manifest;

/// How sure each is, from names and the first bytes.
double recognise_sounds(const Source& source);
double recognise_rttm(const Source& source);
double recognise_textgrid(const Source& source);
double recognise_webvtt(const Source& source);
double recognise_srt(const Source& source);
double recognise_ctm(const Source& source);
double recognise_audacity(const Source& source);
double recognise_eaf(const Source& source);
double recognise_asr_manifest(const Source& source);

}  // namespace countersign
