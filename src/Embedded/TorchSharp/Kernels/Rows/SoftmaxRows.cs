using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// softmax and log-softmax of each row (rows x n, contiguous), and their gradients. Elements of -infinity contribute
/// exactly nothing, so a row may be padded with them; a row of nothing else gives NaN, as in PyTorch. Outputs may be inputs.
/// </summary>
internal static unsafe class SoftmaxRows
{
    /// <summary>y = softmax(x).</summary>
    internal static void Forward(float* x, float* y, long rows, int n)
    {
        var kernel = new ForwardKernel(x, y, n);
        Launch.Over(rows, 4L * n, ref kernel);
    }

    /// <summary>y = log softmax(x).</summary>
    internal static void LogForward(float* x, float* y, long rows, int n)
    {
        var kernel = new LogForwardKernel(x, y, n);
        Launch.Over(rows, 4L * n, ref kernel);
    }

    /// <summary>dx = y (dy - sum(dy y)), y the softmax.</summary>
    internal static void Backward(float* y, float* dy, float* dx, long rows, int n)
    {
        var kernel = new BackwardKernel(y, dy, dx, n);
        Launch.Over(rows, 2L * n, ref kernel);
    }

    /// <summary>dx = dy - e^y sum(dy), y the log-softmax.</summary>
    internal static void LogBackward(float* y, float* dy, float* dx, long rows, int n)
    {
        var kernel = new LogBackwardKernel(y, dy, dx, n);
        Launch.Over(rows, 4L * n, ref kernel);
    }

    private struct ForwardKernel(float* x, float* y, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* source = x + (r * n);
                float* target = y + (r * n);
                float max = RowSums.Max<T>(source, n);
                float sum = RowSums.MapSum<T, RowFunctions.ExpLess>(new(max), source, target, n);
                RowFunctions.Map<T, Functions.Scale>(new(1f / sum), target, target, n);
            }
        }
    }

    private struct LogForwardKernel(float* x, float* y, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* source = x + (r * n);
                float max = RowSums.Max<T>(source, n);
                float log = RowFunctions.Log<T>(RowSums.Sum<T, RowFunctions.ExpLess>(new(max), source, n));
                RowFunctions.Map<T, RowFunctions.LessTwo>(new(max, log), source, y + (r * n), n);
            }
        }
    }

    private struct BackwardKernel(float* y, float* dy, float* dx, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float dot = RowSums.Sum2<T, Functions.Multiply>(default, y + (r * n), dy + (r * n), n);
                RowFunctions.Map2<T, RowFunctions.TimesLess>(new(dot), y + (r * n), dy + (r * n), dx + (r * n), n);
            }
        }
    }

    private struct LogBackwardKernel(float* y, float* dy, float* dx, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float sum = RowSums.Sum<T, Functions.Copy>(default, dy + (r * n), n);
                RowFunctions.Map2<T, RowFunctions.LessExpTimes>(new(sum), y + (r * n), dy + (r * n), dx + (r * n), n);
            }
        }
    }
}
