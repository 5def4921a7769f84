namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>One rise and one long fall of the rates (Smith and Topin 2019); momentum, or Adam's beta1, the other way.</summary>
                public class OneCycleLR : LRScheduler
                {
                    /// <summary>The form of a rise or fall.</summary>
                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    /// <summary>A stretch of steps up to an end: rates and momenta go from one named value to another.</summary>
                    readonly record struct Phase(double End, double[] From, double[] To, double[] FromMomentum, double[] ToMomentum);

                    readonly Phase[] phases;
                    readonly int total;
                    readonly bool cosine, cyclesMomentum;

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Each(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, Each(optimizer, base_momentum), Each(optimizer, max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas)) throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"Expected float between 0 and 1 for pct_start, but got {pct_start}");
                        total = Total(total_steps, epochs, steps_per_epoch);
                        cosine = anneal_strategy == AnnealStrategy.Cos;
                        cyclesMomentum = cycle_momentum;
                        double[] top = [.. max_lr], first = [.. top.Select(r => r / div_factor)], last = [.. first.Select(r => r / final_div_factor)];
                        double[] low = [.. base_momentum ?? Each(optimizer, 0.85)], high = [.. max_momentum ?? Each(optimizer, 0.95)];
                        phases = three_phase
                            ? [new(pct_start * total - 1, first, top, high, low), new(2 * pct_start * total - 2, top, first, low, high), new(total - 1, first, last, high, high)]
                            : [new(pct_start * total - 1, first, top, high, low), new(total - 1, top, last, low, high)];
                        if (last_epoch == -1 && cycle_momentum)
                        {
                            int i = 0;
                            foreach (ILearningRateController group in optimizer.ParamGroups) SetMomentum(group, high[i++]);
                        }
                        step();
                    }

                    static IEnumerable<double> Each(Optimizer optimizer, double value)
                    {
                        ArgumentNullException.ThrowIfNull(optimizer);
                        return Enumerable.Repeat(value, optimizer.ParamGroups.Count());
                    }

                    static int Total(int steps, int epochs, int perEpoch)
                    {
                        if (steps == -1 && epochs == -1 && perEpoch == -1) throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                        if (steps != -1) return steps > 0 ? steps : throw new ArgumentException($"Expected positive integer total_steps, but got {steps}");
                        if (epochs <= 0) throw new ArgumentException($"Expected positive integer epochs, but got {epochs}");
                        if (perEpoch <= 0) throw new ArgumentException($"Expected positive integer steps_per_epoch, but got {perEpoch}");
                        return epochs * perEpoch;
                    }

                    static void SetMomentum(ILearningRateController group, double value)
                    {
                        if (group is IBetas adam) adam.Betas = (value, adam.Betas.Item2);
                        else if (group is IMomentum sgd) sgd.Momentum = value;
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (epoch > total) throw new InvalidOperationException($"Tried to step {epoch + 1} times. The specified number of total steps is {total}");
                        int p = 0;
                        while (p < phases.Length - 1 && epoch > phases[p].End) p++;
                        Phase phase = phases[p];
                        double start = p == 0 ? 0 : phases[p - 1].End, done = (epoch - start) / (phase.End - start);
                        int i = 0;
                        foreach (ILearningRateController group in optimizer.ParamGroups)
                        {
                            if (cyclesMomentum) SetMomentum(group, Between(phase.FromMomentum[i], phase.ToMomentum[i], done));
                            yield return Between(phase.From[i], phase.To[i], done);
                            i++;
                        }
                    }

                    double Between(double from, double to, double done) => cosine ? to + (from - to) / 2 * (Math.Cos(Math.PI * done) + 1) : (to - from) * done + from;
                }
            }
        }
    }
}
