using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1) in PyTorch's arrangement: scalars in double, then rounded once.</summary>
internal static unsafe class AdamStep
{
    /// <summary>Updates parameter and both moments (n each) from the gradient.</summary>
    internal static void Run(float* parameter, float* gradient, float* moment1, float* moment2, long n, AdamSettings settings)
    {
        double correction1 = 1 - Math.Pow(settings.Beta1, settings.Step);
        double correction2 = 1 - Math.Pow(settings.Beta2, settings.Step);
        var kernel = new Kernel(
            parameter,
            gradient,
            moment1,
            moment2,
            n,
            settings.Decoupled ? (float)(1 - (settings.LearningRate * settings.WeightDecay)) : 1f,
            settings.Decoupled ? 0f : (float)settings.WeightDecay,
            (float)settings.Beta1,
            (float)(1 - settings.Beta1),
            (float)settings.Beta2,
            (float)(1 - settings.Beta2),
            (float)Math.Sqrt(correction2),
            (float)settings.Epsilon,
            (float)(-settings.LearningRate / correction1));
        Launch.Over((n + 15) / 16, 32, ref kernel);
    }

    private struct Kernel(float* parameter, float* gradient, float* moment1, float* moment2, long n, float shrink, float l2, float beta1, float rest1, float beta2, float rest2, float root, float epsilon, float step) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            for (long i = begin * 16; i < Math.Min(n, end * 16); i += 16)
            {
                int count = (int)Math.Min(16, n - i);
                bool whole = count == 16;
                var p = whole ? T.Load(parameter + i) : T.LoadPartial(parameter + i, count, 0f);
                var g = whole ? T.Load(gradient + i) : T.LoadPartial(gradient + i, count, 0f);
                var m = whole ? T.Load(moment1 + i) : T.LoadPartial(moment1 + i, count, 0f);
                var v = whole ? T.Load(moment2 + i) : T.LoadPartial(moment2 + i, count, 0f);
                p *= T.Splat(shrink);
                g = T.Fma(T.Splat(l2), p, g);
                m = T.Fma(T.Splat(rest1), g, m * T.Splat(beta1));
                v = T.Fma(T.Splat(rest2) * g, g, v * T.Splat(beta2));
                var denominator = (T.Sqrt(v) / T.Splat(root)) + T.Splat(epsilon);
                p = T.Fma(T.Splat(step), m / denominator, p);
                if (whole)
                {
                    T.Store(p, parameter + i);
                    T.Store(m, moment1 + i);
                    T.Store(v, moment2 + i);
                }
                else
                {
                    T.StorePartial(p, parameter + i, count);
                    T.StorePartial(m, moment1 + i, count);
                    T.StorePartial(v, moment2 + i, count);
                }
            }
        }
    }
}
