using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>scale x above 0, scale alpha (exp(rate x) - 1) below (Clevert et al. 2016).</summary>
    readonly struct EluFunction(double alpha, double scale, double rate) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x < T.Zero ? Accurate.Expm1(x * T.CreateTruncating(rate)) * T.CreateTruncating(alpha * scale) : x * T.CreateTruncating(scale);

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.Zero ? T.Exp(x * T.CreateTruncating(rate)) * T.CreateTruncating(alpha * scale * rate) : T.CreateTruncating(scale);

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.Zero ? T.Exp(x * T.CreateTruncating(rate)) * T.CreateTruncating(alpha * scale * rate * rate) : T.Zero;
    }

    public partial class Tensor
    {
        public Tensor elu(double alpha = 1) => ActivationMap.Apply(this, new EluFunction(alpha, 1, 1), "elu_cpu");

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => ActivationMap.Apply(this, new EluFunction(alpha.Real, scale.Real, input_scale.Real), "elu_cpu");

        public Tensor elu_(double alpha = 1) => ActivationMap.Apply(this, new EluFunction(alpha, 1, 1), "elu_cpu", true);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => ActivationMap.Apply(this, new EluFunction(alpha.Real, scale.Real, input_scale.Real), "elu_cpu", true);

        /// <summary>Self-normalising: elu of fixed alpha and scale (Klambauer et al. 2017).</summary>
        public Tensor selu() => ActivationMap.Apply(this, Selu, "elu_cpu");

        public Tensor selu_() => ActivationMap.Apply(this, Selu, "elu_cpu", true);

        /// <summary>max(x, 0) + min(alpha (exp(x / alpha) - 1), 0) (Barron 2017).</summary>
        public Tensor celu() => celu(1.0);

        public Tensor celu(Scalar alpha) => ActivationMap.Apply(this, Celu(alpha), "elu_cpu");

        public Tensor celu_() => celu_(1.0);

        public Tensor celu_(Scalar alpha) => ActivationMap.Apply(this, Celu(alpha), "elu_cpu", true);

        static EluFunction Selu => new(1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1);

        static EluFunction Celu(Scalar alpha) => alpha.Real == 0
            ? throw new System.Runtime.InteropServices.ExternalException("ZeroDivisionError: alpha cannot be 0 for CELU")
            : new EluFunction(alpha.Real, 1, 1 / alpha.Real);
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? x.elu_(alpha) : x.elu(alpha);

            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? x.selu_() : x.selu();

            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? x.celu_(alpha) : x.celu(alpha);
        }
    }
}
