using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>x held between two bounds; the derivative is 0 at and beyond them.</summary>
    readonly struct HardtanhFunction(double low, double high) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x < T.CreateTruncating(low) ? T.CreateTruncating(low) : x > T.CreateTruncating(high) ? T.CreateTruncating(high) : x;

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x <= T.CreateTruncating(low) || x >= T.CreateTruncating(high) ? T.Zero : T.One;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    public partial class Tensor
    {
        public Tensor hardtanh(Scalar min, Scalar max) => ActivationMap.Apply(this, new HardtanhFunction(min.Real, max.Real), "hardtanh");

        public Tensor hardtanh_(Scalar min, Scalar max) => ActivationMap.Apply(this, new HardtanhFunction(min.Real, max.Real), "hardtanh", true);

        public Tensor relu6() => hardtanh(0.0, 6.0);

        public Tensor relu6_() => hardtanh_(0.0, 6.0);
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) => inplace ? x.hardtanh_(min_val, max_val) : x.hardtanh(min_val, max_val);

            public static Tensor Hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) => hardtanh(x, min_val, max_val, inplace);

            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? x.relu6_() : x.relu6();
        }
    }
}
