using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Applies activations to tensors, in place or not, with their gradients.</summary>
internal static unsafe class ActivationMap
{
    const long Piece = 1 << 14;

    /// <summary>f of each element of a floating-point tensor; <paramref name="kernel"/> is what errors call it.</summary>
    public static Tensor Apply<TF>(Tensor input, TF f, string kernel, bool inplace = false) where TF : struct, IActivation
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!Dtypes.IsFloating(input.type)) throw new ExternalException($"\"{kernel}\" not implemented for '{Names.Of(input.type)}'");
        bool records = Tape.Records(input);
        if (!inplace)
        {
            Tensor result = Map(input, f);
            return records ? Tape.Record(result, kernel, [input], [input], (n, g) => [Slope(n.Saved(0), g, f, kernel)]) : result;
        }
        if (records) Tape.BeforeRecordedInPlace(input);
        Tape.BeforeInPlace(input);
        using Tensor before = input.contiguousCopy(), after = Map(before, f);
        Copy.Elements(after, input);
        return records ? Tape.Record(input, kernel, [input], [before], (n, g) => [Slope(n.Saved(0), g, f, kernel)]) : input;
    }

    static Tensor Map<TF>(Tensor input, TF f) where TF : struct, IActivation
    {
        ScalarType compute = Dtypes.Compute(input.type);
        Tensor result = Tensor.Like(input, compute);
        using Tensor converted = Elementwise.As(input, compute), x = converted.Dense();
        if (compute == ScalarType.Float64) Run(x.Ptr<double>(), null, result.Ptr<double>(), x.Count, f);
        else Run(x.Ptr<float>(), null, result.Ptr<float>(), x.Count, f);
        return compute == input.type ? result : result.to_type(input.type, disposeAfter: true);
    }

    /// <summary>The derivative at <paramref name="at"/>, times <paramref name="g"/>; it can be differentiated again, once.</summary>
    static Tensor Slope<TF>(Tensor at, Tensor g, TF f, string kernel) where TF : struct, IActivation
    {
        Tensor result = Times(at, g, f, false);
        if (!Tape.Records(at, g)) return result;
        return Tape.Record(result, $"{kernel}Backward", [g, at], [g, at], (n, gg) =>
        {
            using Tensor both = n.Saved(0).detach().mul(gg.detach());
            return [Slope(n.Saved(1), gg, f, kernel), Times(n.Saved(1), both, f, true)];
        });
    }

    /// <summary>The first derivative at <paramref name="at"/>, or the second, times <paramref name="g"/>.</summary>
    static Tensor Times<TF>(Tensor at, Tensor g, TF f, bool second) where TF : struct, IActivation
    {
        ScalarType compute = Dtypes.Compute(at.type);
        Tensor result = Tensor.Create(at.sizes, compute);
        using Tensor converted = Elementwise.As(at, compute), x = converted.Dense(), grad = Elementwise.As(g, compute), dy = grad.Dense();
        if (compute == ScalarType.Float64) Run(x.Ptr<double>(), dy.Ptr<double>(), result.Ptr<double>(), x.Count, f, second);
        else Run(x.Ptr<float>(), dy.Ptr<float>(), result.Ptr<float>(), x.Count, f, second);
        return compute == at.type ? result : result.to_type(at.type, disposeAfter: true);
    }

    static void Run<T, TF>(T* x, T* g, T* y, long n, TF f, bool second = false) where T : unmanaged, IFloatingPointIeee754<T> where TF : struct, IActivation
    {
        var body = new Body<T, TF> { X = x, G = g, Y = y, N = n, F = f, Second = second };
        WorkPool.For((int)((n + Piece - 1) / Piece), ref body);
    }

    struct Body<T, TF> : IParallelBody where T : unmanaged, IFloatingPointIeee754<T> where TF : struct, IActivation
    {
        public T* X, G, Y;
        public long N;
        public TF F;
        public bool Second;

        public readonly void Run(int piece)
        {
            long to = Math.Min(N, (piece + 1) * Piece);
            if (G == null)
                for (long i = piece * Piece; i < to; i++) Y[i] = F.Value(X[i]);
            else if (!Second)
                for (long i = piece * Piece; i < to; i++) Y[i] = G[i] * F.Slope(X[i]);
            else
                for (long i = piece * Piece; i < to; i++) Y[i] = G[i] * F.Curve(X[i]);
        }
    }
}
