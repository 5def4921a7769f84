using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>|d|; the derivative at 0 is 0.</summary>
    readonly struct AbsoluteFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Abs(x);

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x > T.Zero ? T.One : x < T.Zero ? -T.One : x;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Zero;
    }

    readonly struct SquareFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x * x;

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x + x;

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(2);
    }

    /// <summary>d^2 / (2 beta) within beta, |d| - beta / 2 beyond (Girshick 2015).</summary>
    readonly struct SmoothFunction(double beta) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T b = T.CreateTruncating(beta), z = T.Abs(x);
            return z < b ? T.CreateTruncating(0.5) * z * z / b : z - T.CreateTruncating(0.5) * b;
        }

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T b = T.CreateTruncating(beta);
            return x <= -b ? -T.One : x >= b ? T.One : x / b;
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Abs(x) < T.CreateTruncating(beta) ? T.One / T.CreateTruncating(beta) : T.Zero;
    }

    /// <summary>d^2 / 2 within delta, delta (|d| - delta / 2) beyond (Huber 1964).</summary>
    readonly struct HuberFunction(double delta) : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T d = T.CreateTruncating(delta), z = T.Abs(x);
            return z <= d ? T.CreateTruncating(0.5) * z * z : d * (z - T.CreateTruncating(0.5) * d);
        }

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T d = T.CreateTruncating(delta);
            return x <= -d ? -d : x >= d ? d : x;
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Abs(x) < T.CreateTruncating(delta) ? T.One : T.Zero;
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>|input - target|.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Losses.OfDifference(input, target, default(AbsoluteFunction), "abs_cpu", reduction);

            /// <summary>(input - target)^2.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Losses.OfDifference(input, target, default(SquareFunction), "mse_cpu", reduction);

            /// <summary>Square near 0, straight beyond <paramref name="beta"/>; the slope there is 1.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1)
            {
                if (beta < 0) throw new ExternalException("smooth_l1_loss does not support negative values for beta.");
                return beta == 0 ? l1_loss(input, target, reduction) : Losses.OfDifference(input, target, new SmoothFunction(beta), "smooth_l1_cpu", reduction);
            }

            /// <summary>Square near 0, straight beyond <paramref name="delta"/>; the slope there is delta.</summary>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
            {
                if (delta <= 0) throw new ExternalException("huber_loss does not support non-positive values for delta.");
                return Losses.OfDifference(input, target, new HuberFunction(delta), "huber_cpu", reduction);
            }
        }
    }
}
