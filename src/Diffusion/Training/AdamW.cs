using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DiffusionBatch.Contracts.Manifests;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, algorithm 2) with clipping. On the CPU one pass over each parameter does all of it: four
/// numbers are read and three written an element, where TorchSharp's own optimizer reads and writes them in a dozen operations.
/// An element's numbers don't depend on the number of threads. (libtorch's fused kernel has no door in TorchSharp but
/// TorchScript, which crashed here with memory that had been freed.)
/// </summary>
sealed class AdamW : IDisposable
{
    /// <summary>Elements that a thread takes at once: they and their moments fit into its cache.</summary>
    const int Chunk = 1 << 14;

    readonly TrainingSettings _settings;
    readonly Parameter[] _parameters;

    /// <summary>Begins with moments of 0.</summary>
    /// <param name="parameters">What is trained, in float32.</param>
    /// <param name="settings">Decay rates, epsilon, weight decay and the norm that gradients are clipped to.</param>
    public AdamW(IEnumerable<Parameter> parameters, TrainingSettings settings)
    {
        (_parameters, _settings) = ([.. parameters], settings);
        Means = [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
        Squares = [.. _parameters.Select(p => zeros_like(p).DetachFromDisposeScope())];
    }

    /// <summary>Whether to update by tensor operations on the CPU as well, as on other devices.</summary>
    internal bool ByTensors { get; init; }

    /// <summary>m, the gradients' decaying means, a tensor a parameter.</summary>
    public IReadOnlyList<Tensor> Means { get; }

    /// <summary>v, the decaying means of the gradients' squares, a tensor a parameter.</summary>
    public IReadOnlyList<Tensor> Squares { get; }

    /// <summary>
    /// The norm that clipping needs, of all gradients together, on their device; null where nothing is clipped or no parameter has one.
    /// </summary>
    public Tensor? Norm()
    {
        if (_settings.ClipNorm <= 0) return null;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Tensor[] norms = [.. _parameters.Where(p => p.grad is not null).Select(p => p.grad!.norm())];
        return norms.Length == 0 ? null : stack(norms).norm().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Clips the gradients and updates the parameters that have one: one without isn't touched, so it doesn't decay either.
    /// </summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="number">t, the update's number, counted from 1, by which the moments' bias is corrected.</param>
    /// <param name="norm">What <see cref="Norm"/> told; null where it told nothing.</param>
    /// <returns>False where the norm is not finite: nothing was updated.</returns>
    public bool Step(double rate, long number, float? norm)
    {
        // All are multiplied by one number, so that their common norm is at most the bound.
        float shrink = norm is { } known ? 1 / MathF.Max(1, (known + 1e-6f) / (float)_settings.ClipNorm) : 1;
        if (float.IsNaN(shrink) || shrink == 0) return false;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        int[] reached = [.. Enumerable.Range(0, _parameters.Length).Where(i => _parameters[i].grad is not null)];
        Tensor[] gradients = [.. reached.Select(i => _parameters[i].grad!.contiguous())];
        var update = new Update(_settings, rate, number, shrink);
        for (int k = 0; k < reached.Length; k++)
        {
            var (p, g, m, v) = (_parameters[reached[k]], gradients[k], Means[reached[k]], Squares[reached[k]]);
            if (p.device_type == DeviceType.CPU && !ByTensors) OnCpu(update, p, g, m, v);
            else OnDevice(update, p, g, m, v);
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. Means, .. Squares]) tensor.Dispose();
    }

    static void OnDevice(Update u, Tensor p, Tensor g, Tensor m, Tensor v)
    {
        using var scope = NewDisposeScope();
        if (u.Shrink != 1) g = g * u.Shrink;
        p.mul_(u.Keep);
        m.mul_(u.Beta1).add_(g, u.New1);
        v.mul_(u.Beta2).addcmul_(g, g, u.New2);
        p.addcdiv_(m, v.sqrt().mul_(u.Root).add_(u.Epsilon), -u.Rate);
    }

    static unsafe void OnCpu(Update update, Tensor parameter, Tensor gradient, Tensor mean, Tensor square)
    {
        fixed (byte* pAt = parameter.bytes, gAt = gradient.bytes, mAt = mean.bytes, vAt = square.bytes)
        {
            float* p = (float*)pAt, g = (float*)gAt, m = (float*)mAt, v = (float*)vAt;
            long count = parameter.numel();
            int chunks = (int)((count + Chunk - 1) / Chunk);
            if (chunks == 1) Run(0);
            else Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, Run);

            void Run(int chunk)
            {
                long from = (long)chunk * Chunk;
                int length = (int)Math.Min(Chunk, count - from);
                update.Apply(new(p + from, length), new(g + from, length), new(m + from, length), new(v + from, length));
            }
        }
    }

    /// <summary>The factors of one update. Products and sums are rounded one by one, so that lanes and single elements agree.</summary>
    sealed class Update(TrainingSettings settings, double rate, long number, float shrink)
    {
        public float Shrink => shrink;

        /// <summary>1 - rate lambda.</summary>
        public float Keep { get; } = (float)(1 - rate * settings.WeightDecay);

        public float Beta1 { get; } = (float)settings.Betas[0];

        public float New1 { get; } = (float)(1 - settings.Betas[0]);

        public float Beta2 { get; } = (float)settings.Betas[1];

        public float New2 { get; } = (float)(1 - settings.Betas[1]);

        /// <summary>rate / (1 - beta1^t).</summary>
        public float Rate { get; } = (float)(rate / (1 - Math.Pow(settings.Betas[0], number)));

        /// <summary>1 / sqrt(1 - beta2^t).</summary>
        public float Root { get; } = (float)(1 / Math.Sqrt(1 - Math.Pow(settings.Betas[1], number)));

        public float Epsilon { get; } = (float)settings.Epsilon;

        public void Apply(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v)
        {
            Span<Vector512<float>> ps = MemoryMarshal.Cast<float, Vector512<float>>(p), ms = MemoryMarshal.Cast<float, Vector512<float>>(m),
                vs = MemoryMarshal.Cast<float, Vector512<float>>(v);
            var gs = MemoryMarshal.Cast<float, Vector512<float>>(g);
            for (int i = 0; i < ps.Length; i++)
            {
                var gradient = gs[i] * shrink;
                var mean = ms[i] = ms[i] * Beta1 + gradient * New1;
                var square = vs[i] = vs[i] * Beta2 + gradient * gradient * New2;
                ps[i] = ps[i] * Keep - mean * Rate / (Vector512.Sqrt(square) * Root + Vector512.Create(Epsilon));
            }
            for (int i = ps.Length * Vector512<float>.Count; i < p.Length; i++)
            {
                float gradient = g[i] * shrink;
                m[i] = m[i] * Beta1 + gradient * New1;
                v[i] = v[i] * Beta2 + gradient * gradient * New2;
                p[i] = p[i] * Keep - m[i] * Rate / (MathF.Sqrt(v[i]) * Root + Epsilon);
            }
        }
    }
}
