#pragma once
#include "core/attention/attend_heads.h"

namespace headlight {

/// Whether the weights of the run are softmax over the queries of each key, by mistake: a_ij = e^{z_ij − M_j}
/// ÷ L_j with M_j the largest z of key j and L_j = Σ_i e^{z_ij − M_j} over the queries that keep it, so that
/// columns sum to 1. Weights that were given are not touched.
bool weighsOverQueries(const Run& run);

/// attendHeads for such a run: the columns' numbers by blocks of keys, then the rows. Without statistics in
/// `wanted`, the columns that the run has are read. False when cancelled.
bool attendOverQueries(Run& run, const HeadsWanted& wanted, ThreadPool& pool, const Cancel& cancel);

/// The weights of keys [begin, end) of a row of head `head`, from their scores; may be the same array.
void columnWeights(const Run& run, int head, std::int64_t begin, std::int64_t end, const float* scores,
                   float* weights);

}  // namespace headlight
