using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct LogOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Log(x);

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Log), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The natural logarithm of each element.</summary>
        public Tensor log()
        {
            Tensor result = Elementwise.Unary<LogOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "LogBackward", [this], [this], (n, g) => [g.div(n.Saved(0))]) : result;
        }

        public Tensor log_() => Replace(log());
    }

    public static Tensor log(Tensor input) => input.log();

    public static Tensor log_(Tensor input) => input.log_();
}
