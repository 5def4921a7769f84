using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// The likelihood bound of multinomial noise in continuous time (Campbell et al. 2022; for uniform noise Schiff et al. 2024, arXiv
/// 2412.10193, equation 18, and Sahoo et al. 2025, arXiv 2506.10892, equation 11). With m(y) = alpha [y = x_0] + (1 - alpha) q(y), the
/// distribution of x_t given x_0, and m_p the same of the network's prediction p in place of x_0, the sum over reverse jumps of Lou et
/// al.'s score entropy comes to
/// <code>-alpha' / alpha * q(x_t) / m(x_t) * ( KL(m || m_p) + z - 1 - log z ),   z = m(x_t) / m_p(x_t)</code>
/// a density over t of [0, 1]: at least 0, and 0 where p is all on x_0. It holds for any q_noise.
/// </summary>
public static class MultinomialBound
{
    /// <summary>The density at each position, without its factor -alpha' / alpha.</summary>
    /// <param name="logits">The network's, of any float type. // (R, V)</param>
    /// <param name="x_0">Clean tokens. // (R) int64</param>
    /// <param name="x_t">Noised tokens. // (R) int64</param>
    /// <param name="alpha">alpha of each position's time. // (R)</param>
    /// <param name="noise">q_noise. // (V)</param>
    /// <returns>// (R)</returns>
    public static Tensor Density(Tensor logits, Tensor x_0, Tensor x_t, Tensor alpha, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var share = alpha.unsqueeze(1); // (R, 1)
        var rest = (1 - share) * noise; // (R, V)
        var m = rest.scatter_add(1, x_0.unsqueeze(1), share); // (R, V)
        var m_p = share * F.softmax(logits, 1) + rest;
        var kl = (m * (Log(m) - Log(m_p))).sum(1); // (R)
        var at = x_t.unsqueeze(1);
        var (clean, predicted) = (m.gather(1, at).squeeze(1), m_p.gather(1, at).squeeze(1));
        var z = clean / predicted;
        return (noise.index_select(0, x_t) / clean * (kl + z - 1 - z.log())).MoveToOuterDisposeScope();
    }

    // Finite where a token can't be.
    static Tensor Log(Tensor x) => x.clamp_min(1e-30).log();
}
