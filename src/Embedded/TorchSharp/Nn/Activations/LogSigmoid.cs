using System.Numerics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>log(1 / (1 + exp(-x))), computed without overflow.</summary>
    readonly struct LogSigmoidFunction : IActivation
    {
        public T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Min(x, T.Zero) - Accurate.Log1p(T.Exp(-T.Abs(x)));

        public T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T e = T.Exp(-T.Abs(x));
            return (x > T.Zero ? e : T.One) / (T.One + e);
        }

        public T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>
        {
            T e = T.Exp(-T.Abs(x));
            return -e / ((T.One + e) * (T.One + e));
        }
    }

    public partial class Tensor
    {
        public Tensor log_sigmoid() => ActivationMap.Apply(this, default(LogSigmoidFunction), "log_sigmoid_forward_cpu");
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();
        }
    }
}
