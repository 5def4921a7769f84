using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Cross entropy of each row of logits with a class index, with label smoothing (Szegedy et al. 2016, eq. of section 7):
/// (1 - s) (lse - x_target) + s (lse - mean x). No probabilities are stored; the backward pass recomputes them from lse.
/// </summary>
internal static unsafe class CrossEntropyRows
{
    /// <summary>losses[r] (0 where the target is <paramref name="ignoreIndex"/>) and lse[r] = log-sum-exp of row r.</summary>
    /// <exception cref="ArgumentOutOfRangeException">When a target is neither a class nor ignored.</exception>
    internal static void Forward(float* logits, long* targets, float* losses, float* lse, long rows, int classes, float labelSmoothing = 0f, long ignoreIndex = -100)
    {
        Check(targets, rows, classes, ignoreIndex);
        var kernel = new ForwardKernel(logits, targets, losses, lse, classes, labelSmoothing, ignoreIndex);
        Launch.Over(rows, 4L * classes, ref kernel);
    }

    /// <summary>dlogits = gradient[r] (softmax - (1 - s) onehot - s / classes), 0 for ignored rows. dlogits may be logits.</summary>
    internal static void Backward(float* logits, long* targets, float* lse, float* gradients, float* dlogits, long rows, int classes, float labelSmoothing = 0f, long ignoreIndex = -100)
    {
        var kernel = new BackwardKernel(logits, targets, lse, gradients, dlogits, classes, labelSmoothing, ignoreIndex);
        Launch.Over(rows, 3L * classes, ref kernel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Check(long* targets, long rows, int classes, long ignoreIndex)
    {
        for (long r = 0; r < rows; r++)
        {
            if (targets[r] != ignoreIndex && (ulong)targets[r] >= (ulong)classes)
                throw new ArgumentOutOfRangeException(nameof(targets), targets[r], $"Target {r} is not in 0..{classes - 1}.");
        }
    }

    private struct ForwardKernel(float* logits, long* targets, float* losses, float* lse, int classes, float smoothing, long ignore) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                if (targets[r] == ignore)
                {
                    losses[r] = 0f;
                    lse[r] = 0f;
                    continue;
                }

                float* row = logits + (r * classes);
                float logSum = ReduceRows.LogSumExpOf<T>(row, classes);
                float loss = logSum - row[targets[r]];
                if (smoothing != 0f)
                {
                    float mean = RowSums.Sum<T, Functions.Copy>(default, row, classes) / classes;
                    loss = ((1f - smoothing) * loss) + (smoothing * (logSum - mean));
                }

                losses[r] = loss;
                lse[r] = logSum;
            }
        }
    }

    private struct BackwardKernel(float* logits, long* targets, float* lse, float* gradients, float* dlogits, int classes, float smoothing, long ignore) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* target = dlogits + (r * classes);
                float g = gradients[r];
                if (targets[r] == ignore)
                {
                    new Span<float>(target, classes).Clear();
                    continue;
                }

                float spread = smoothing / classes;
                RowFunctions.Map<T, Row>(new(lse[r], g, -g * spread), logits + (r * classes), target, classes);
                target[targets[r]] -= g * (1f - smoothing);
            }
        }
    }

    private readonly struct Row(float lse, float factor, float offset) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x)
            where T : unmanaged, ILanes<T> => T.Fma(LaneMath.Exp(x - T.Splat(lse)), T.Splat(factor), T.Splat(offset));
    }
}
