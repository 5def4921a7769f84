using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Layer normalisation (Ba et al. 2016) over rows of n elements: y = (x - mean) rstd gamma + beta, rstd = 1 / sqrt(var + epsilon).</summary>
internal static unsafe class LayerNorm
{
    private const int Block = 64; // rows to a partial sum of the parameters' gradients

    /// <summary>Rows x n. gamma and beta may be null; mean and rstd (one a row) are written where not null.</summary>
    internal static void Forward(float* x, float* gamma, float* beta, float epsilon, float* y, float* mean, float* rstd, long rows, int n)
    {
        var kernel = new ForwardKernel(x, gamma, beta, epsilon, y, mean, rstd, n);
        Launch.Over(rows, 3L * n, ref kernel);
    }

    /// <summary>
    /// dx = rstd (g - mean(g) - xhat mean(g xhat)) with g = dy gamma; dgamma += sum of dy xhat over rows, dbeta += sum of
    /// dy, by blocks of 64 rows in order. dx, dgamma, dbeta and gamma may be null.
    /// </summary>
    internal static void Backward(float* x, float* gamma, float* mean, float* rstd, float* dy, float* dx, float* dgamma, float* dbeta, long rows, int n)
    {
        if (dx != null)
        {
            var kernel = new InputKernel(x, gamma, mean, rstd, dy, dx, n);
            Launch.Over(rows, 4L * n, ref kernel);
        }

        if (dgamma == null && dbeta == null)
            return;
        long blocks = (rows + Block - 1) / Block;
        float* partial = BufferPool.RentFloats(blocks * 2 * n);
        var parameters = new ParameterKernel(x, mean, rstd, dy, partial, rows, n);
        Launch.Over(blocks, (long)Block * n, ref parameters);
        var combine = new CombineKernel(partial, dgamma, dbeta, blocks, n);
        Launch.Over((n + 15) / 16, blocks * 32, ref combine);
        BufferPool.ReturnFloats(partial, blocks * 2 * n);
    }

    private struct ForwardKernel(float* x, float* gamma, float* beta, float epsilon, float* y, float* mean, float* rstd, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* source = x + (r * n);
                float* target = y + (r * n);
                float m = RowSums.Sum<T, Functions.Copy>(default, source, n) / n;
                float variance = RowSums.Sum<T, RowFunctions.SquareLess>(new(m), source, n) / n;
                float scale = 1f / MathF.Sqrt(variance + epsilon);
                var means = T.Splat(m);
                var scales = T.Splat(scale);
                for (int i = 0; i < n; i += 16)
                {
                    int count = n - i;
                    var v = ((count >= 16 ? T.Load(source + i) : T.LoadPartial(source + i, count, 0f)) - means) * scales;
                    var g = gamma == null ? T.Splat(1f) : count >= 16 ? T.Load(gamma + i) : T.LoadPartial(gamma + i, count, 0f);
                    var b = beta == null ? T.Zero : count >= 16 ? T.Load(beta + i) : T.LoadPartial(beta + i, count, 0f);
                    v = T.Fma(v, g, b);
                    if (count >= 16)
                        T.Store(v, target + i);
                    else
                        T.StorePartial(v, target + i, count);
                }

                if (mean != null)
                    mean[r] = m;
                if (rstd != null)
                    rstd[r] = scale;
            }
        }
    }

    private struct InputKernel(float* x, float* gamma, float* mean, float* rstd, float* dy, float* dx, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long r = begin; r < end; r++)
            {
                float* source = x + (r * n);
                float* gradient = dy + (r * n);
                float* target = dx + (r * n);
                var means = T.Splat(mean[r]);
                var scales = T.Splat(rstd[r]);
                T sumG = T.Zero, sumGX = T.Zero;
                for (int i = 0; i < n; i += 16)
                {
                    Read(source, gradient, i, means, scales, out T g, out T hat);
                    sumG += g; // beyond the row g is 0
                    sumGX = T.Fma(g, hat, sumGX);
                }

                var a = T.Splat(T.Sum(sumG) / n);
                var b = T.Splat(T.Sum(sumGX) / n);
                for (int i = 0; i < n; i += 16)
                {
                    Read(source, gradient, i, means, scales, out T g, out T hat);
                    var v = scales * ((g - a) - (hat * b));
                    if (n - i >= 16)
                        T.Store(v, target + i);
                    else
                        T.StorePartial(v, target + i, n - i);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Read<T>(float* source, float* gradient, int i, T means, T scales, out T g, out T hat)
            where T : unmanaged, ILanes<T>
        {
            if (n - i >= 16)
            {
                hat = (T.Load(source + i) - means) * scales;
                g = T.Load(gradient + i);
                if (gamma != null)
                    g *= T.Load(gamma + i);
            }
            else
            {
                hat = (T.LoadPartial(source + i, n - i, 0f) - means) * scales;
                g = T.LoadPartial(gradient + i, n - i, 0f);
                if (gamma != null)
                    g *= T.LoadPartial(gamma + i, n - i, 0f);
            }
        }
    }

    // partial[block] = dgamma (n), dbeta (n) of the block's rows.
    private struct ParameterKernel(float* x, float* mean, float* rstd, float* dy, float* partial, long rows, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long block = begin; block < end; block++)
            {
                long last = Math.Min(rows, (block + 1) * Block);
                float* target = partial + (block * 2 * n);
                for (int i = 0; i < n; i += 16)
                {
                    int count = Math.Min(16, n - i);
                    T sumG = T.Zero, sumB = T.Zero;
                    for (long r = block * Block; r < last; r++)
                    {
                        float* source = x + (r * n) + i;
                        float* gradient = dy + (r * n) + i;
                        var g = count == 16 ? T.Load(gradient) : T.LoadPartial(gradient, count, 0f);
                        var v = count == 16 ? T.Load(source) : T.LoadPartial(source, count, 0f);
                        sumG = T.Fma(g, (v - T.Splat(mean[r])) * T.Splat(rstd[r]), sumG);
                        sumB += g;
                    }

                    Write(sumG, target + i, count);
                    Write(sumB, target + n + i, count);
                }
            }
        }
    }

    private struct CombineKernel(float* partial, float* dgamma, float* dbeta, long blocks, int n) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (int i = (int)begin * 16; i < Math.Min(n, end * 16); i += 16)
            {
                if (dgamma != null)
                    Add<T>(partial + i, dgamma + i, Math.Min(16, n - i));
                if (dbeta != null)
                    Add<T>(partial + n + i, dbeta + i, Math.Min(16, n - i));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private readonly void Add<T>(float* source, float* target, int count)
            where T : unmanaged, ILanes<T>
        {
            var sum = T.Zero;
            for (long block = 0; block < blocks; block++, source += 2L * n)
                sum += count == 16 ? T.Load(source) : T.LoadPartial(source, count, 0f);
            Write(sum + (count == 16 ? T.Load(target) : T.LoadPartial(target, count, 0f)), target, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(T value, float* target, int count)
        where T : unmanaged, ILanes<T>
    {
        if (count == 16)
            T.Store(value, target);
        else
            T.StorePartial(value, target, count);
    }
}
