namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Rates that rise from a base to a top and fall again, cycle after cycle (Smith 2017); momentum the other way.</summary>
                public class CyclicLR : LRScheduler
                {
                    /// <summary>How the cycles' height changes: not, halved each time, or by a power of gamma.</summary>
                    public enum Mode
                    {
                        Triangular = 0,
                        Triangular2 = 1,
                        ExpRange = 2,
                    }

                    /// <summary>What a scaling function is called with.</summary>
                    public enum ScaleMode
                    {
                        Cycle = 0,
                        Iterations = 1,
                    }

                    readonly double[] tops, lowMomenta = [], highMomenta = [];
                    readonly double size, share;
                    readonly Func<double, double> scale;
                    readonly ScaleMode scaleMode;
                    readonly bool cyclesMomentum;

                    public CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1, Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Each(optimizer, base_lr), Each(optimizer, max_lr), step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, Each(optimizer, base_momentum), Each(optimizer, max_momentum), last_epoch, verbose)
                    {
                    }

                    public CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1, Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        size = step_size_up + (double)(step_size_down == -1 ? step_size_up : step_size_down);
                        share = step_size_up / size;
                        tops = [.. max_lr];
                        baseRates = [.. base_lr];
                        ILearningRateController[] groups = [.. optimizer.ParamGroups];
                        if (epoch == -1)
                            for (int i = 0; i < groups.Length; i++) groups[i].LearningRate = baseRates[i];
                        cyclesMomentum = cycle_momentum;
                        if (cycle_momentum)
                        {
                            if (optimizer is not IMomentum) throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                            lowMomenta = [.. base_momentum ?? Each(optimizer, 0.8)];
                            highMomenta = [.. max_momentum ?? Each(optimizer, 0.9)];
                            if (epoch == -1)
                                for (int i = 0; i < groups.Length; i++) ((IMomentum)groups[i]).Momentum = lowMomenta[i];
                        }
                        scaleMode = scale_fn is null ? ScaleMode.Cycle : scale_mode;
                        scale = scale_fn ?? mode switch
                        {
                            Mode.Triangular2 => x => 1 / Math.Pow(2, x - 1),
                            Mode.ExpRange => x => Math.Pow(gamma, x),
                            _ => _ => 1.0,
                        };
                        step();
                    }

                    static IEnumerable<double> Each(Optimizer optimizer, double value)
                    {
                        ArgumentNullException.ThrowIfNull(optimizer);
                        return Enumerable.Repeat(value, optimizer.ParamGroups.Count());
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        double cycle = Math.Floor(1 + epoch / size), x = 1 + epoch / size - cycle;
                        double height = (x <= share ? x / share : (x - 1) / (share - 1)) * scale(scaleMode == ScaleMode.Cycle ? cycle : epoch);
                        int i = 0;
                        foreach (ILearningRateController group in optimizer.ParamGroups)
                        {
                            if (cyclesMomentum) ((IMomentum)group).Momentum = highMomenta[i] - (highMomenta[i] - lowMomenta[i]) * height;
                            yield return baseRates[i] + (tops[i] - baseRates[i]) * height;
                            i++;
                        }
                    }
                }
            }
        }
    }
}
