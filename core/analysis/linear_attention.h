#pragma once
#include <cstdint>
#include <functional>
#include <span>

#include "core/attention/run.h"

namespace headlight {

/// φ(x) = elu(x) + 1: x + 1 from 0 on, e^x below (Katharopoulos et al. 2020, section 3.2.1). Above 0 for
/// every finite x.
double linearFeature(double x);

/// Row i of what linear attention gives: o [d_v] and Σ_j φ(q_i) · φ(k_j), which is 0 where the row keeps no
/// key; o is 0 then.
using LinearRow = std::function<void(std::int64_t row, std::span<const double> output, double sum)>;

/// Linear attention of one query head (Katharopoulos et al. 2020, sections 3.2 and 3.3) on the run's own q, k
/// and v, in double:
///   o_i = φ(q_i) · S_i ÷ (φ(q_i) · z_i),  S_i = Σ_j φ(k_j) v_jᵀ [d_k, d_v],  z_i = Σ_j φ(k_j) [d_k]
/// over the keys j that row i keeps. S and z are carried on from row to row, so T rows cost T · d_k · d_v and
/// no map is made. There is no scale, bias or softmax: it is another attention, not another way to the same
/// one. Calls `read` for each row in order.
/// Errors: no q, k or v in the run (with the reason), no such head; a row drops a key that the row before it
/// keeps (invalid), since nothing can be taken out of a sum exactly: windows and sparse patterns are no masks
/// of linear attention, none, causal and padding are; cancelled.
Status linearAttention(const Run& run, int head, const LinearRow& read, const Cancel& cancel = {});

/// The weights that linear attention implies in one row, φ(q_i) · φ(k_j) ÷ Σ over kept keys [Tk], 0 for
/// dropped ones: Tk · d_k products, for looking at a row. Errors: as above, no such query.
Status linearWeights(const Run& run, int head, std::int64_t query, std::span<double> weights);

}  // namespace headlight
