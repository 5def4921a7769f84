using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x Phi(x), Phi being the normal distribution function (Hendrycks and Gimpel 2016).</summary>
    internal readonly struct GeluOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            double v = double.CreateTruncating(x);
            return T.CreateTruncating(0.5 * v * (1 + ErrorFunction.Erf(v * 0.70710678118654752)));
        }

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Gelu.Forward(x, y, n);
            return true;
        }
    }

    /// <summary>The derivative of x Phi(x): Phi(x) + x phi(x).</summary>
    internal readonly struct GeluSlopeOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            double v = double.CreateTruncating(x);
            return T.CreateTruncating(0.5 * (1 + ErrorFunction.Erf(v * 0.70710678118654752)) + v * 0.3989422804014327 * Math.Exp(-0.5 * v * v));
        }
    }

    /// <summary>max(x, 0); NaN stays.</summary>
    internal readonly struct ReluOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.Zero ? T.Zero : x;

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Relu), x, y, n);
            return true;
        }
    }

    /// <summary>x sigmoid(x).</summary>
    internal readonly struct SiluOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x / (T.One + T.Exp(-x));

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Silu), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>x Phi(x) of each element, by the error function.</summary>
        public Tensor gelu()
        {
            Tensor result = Elementwise.Unary<GeluOperator>(this);
            return Tape.Records(this)
                ? Tape.Record(result, "GeluBackward", [this], [this], (n, g) =>
                {
                    Tensor x = n.Saved(0);
                    if (Slopes.Gelu(x, g) is { } dx) return [dx];
                    // Phi(x) + x phi(x)
                    if (Tape.Records(x, g))
                        return [g.mul(x.mul(Math.Sqrt(0.5)).erf().add(1).mul(0.5).add(x.mul(x.square().mul(-0.5).exp()).mul(1 / Math.Sqrt(2 * Math.PI))))];
                    using Tensor slope = Elementwise.Unary<GeluSlopeOperator>(x);
                    return [g.mul(slope)];
                })
                : result;
        }

        /// <summary>max(x, 0) of each element.</summary>
        public Tensor relu()
        {
            Tensor result = Elementwise.Unary<ReluOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "ReluBackward", [this], [result], (n, g) => [Slopes.Zip(default(Kernels.Functions.ReluGrad), n.Saved(0), g) ?? g.mul(n.Saved(0).gt(0L).to_type(g.type))]) : result;
        }

        /// <summary>x sigmoid(x) of each element.</summary>
        public Tensor silu()
        {
            Tensor result = Elementwise.Unary<SiluOperator>(this);
            return Tape.Records(this)
                ? Tape.Record(result, "SiluBackward", [this], [this], (n, g) =>
                {
                    if (Slopes.Zip(default(Kernels.Functions.SiluGrad), n.Saved(0), g) is { } dx) return [dx];
                    Tensor s = n.Saved(0).sigmoid();
                    return [g.mul(s.mul(n.Saved(0).mul(s.neg().add(1)).add(1)))];
                })
                : result;
        }

        public Tensor gelu_() => Replace(gelu());

        public Tensor relu_() => Replace(relu());

        public Tensor silu_() => Replace(silu());
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? x.gelu_() : x.gelu();

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_() : x.silu();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
        }
    }
}
