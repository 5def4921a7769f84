using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// Rotary position embeddings (Su et al. 2021): the pair (i, i + d_h / 2) of a head's numbers at position p is turned by the
/// angle p theta_i. Tables of sines and cosines grow with the longest sequence seen.
/// </summary>
/// <param name="frequencies">theta_i. // (d_h / 2)</param>
/// <param name="magnitude">What the turned numbers are multiplied by; 1 but for some scalings.</param>
/// <param name="device">Where the tables live.</param>
sealed class Rotary(double[] frequencies, double magnitude, Device device) : IDisposable
{
    Tensor? _cosines, _sines; // (positions, d_h)
    long _positions;

    /// <summary>Turns each position's numbers.</summary>
    /// <param name="x">// (B, H, N, d_h)</param>
    /// <param name="places">Which positions these are; null for 0..N-1. // (B, N)</param>
    /// <param name="reach">With places, one more than the highest of them may be.</param>
    public Tensor Turn(Tensor x, Tensor? places = null, long? reach = null)
    {
        long n = x.size(2), half = x.size(3) / 2, longest = reach ?? n;
        if (longest > _positions) Grow(longest);
        using var scope = NewDisposeScope();
        var crossed = cat([x.narrow(3, half, half).neg(), x.narrow(3, 0, half)], 3);
        return (x * Angles(_cosines!) + crossed * Angles(_sines!)).MoveToOuterDisposeScope();

        Tensor Angles(Tensor table) => places is null
            ? table.narrow(0, 0, n) // (N, d_h)
            : table.index_select(0, places.reshape(-1)).view(-1, 1, n, 2 * half); // (B, 1, N, d_h)
    }

    void Grow(long n)
    {
        int half = frequencies.Length;
        var (cos, sin) = (new float[n * 2 * half], new float[n * 2 * half]);
        for (int p = 0; p < n; p++)
            for (int i = 0; i < 2 * half; i++)
            {
                double angle = p * frequencies[i % half];
                cos[p * 2 * half + i] = (float)(Math.Cos(angle) * magnitude);
                sin[p * 2 * half + i] = (float)(Math.Sin(angle) * magnitude);
            }
        Dispose();
        _cosines = tensor(cos, [n, 2 * half], device: device).DetachFromDisposeScope();
        _sines = tensor(sin, [n, 2 * half], device: device).DetachFromDisposeScope();
        _positions = n;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cosines?.Dispose();
        _sines?.Dispose();
    }
}
