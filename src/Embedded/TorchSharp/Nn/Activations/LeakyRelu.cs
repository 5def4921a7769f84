using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x above 0, slope x below.</summary>
    readonly struct LeakyReluFunction(double slope) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x > T.Zero ? x : x * T.CreateTruncating(slope);

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x > T.Zero ? T.One : T.CreateTruncating(slope);

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    public partial class Tensor
    {
        public Tensor leaky_relu(Scalar negative_slope) => ActivationMap.Apply(this, new LeakyReluFunction(negative_slope.Real), "leaky_relu_cpu");

        public Tensor leaky_relu_(Scalar negative_slope) => ActivationMap.Apply(this, new LeakyReluFunction(negative_slope.Real), "leaky_relu_cpu", true);

        /// <summary>Leaky ReLU whose slope is the middle of the range, as outside training.</summary>
        public Tensor rrelu(double lower = 0.125, double upper = 0.3333333333333333) => ActivationMap.Apply(this, Middle(lower, upper), "leaky_relu_cpu");

        public Tensor rrelu_(double lower = 0.125, double upper = 0.3333333333333333) => ActivationMap.Apply(this, Middle(lower, upper), "leaky_relu_cpu", true);

        static LeakyReluFunction Middle(double lower, double upper) => lower <= upper
            ? new LeakyReluFunction((lower + upper) / 2)
            : throw new System.Runtime.InteropServices.ExternalException("Lower bound should be less than or equal to the upper bound");
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => inplace ? input.leaky_relu_(negative_slope) : input.leaky_relu(negative_slope);

            public static Tensor rrelu(Tensor x, double lower = 0.125, double upper = 0.3333333333333333, bool inplace = false) => inplace ? x.rrelu_(lower, upper) : x.rrelu(lower, upper);
        }
    }
}
