namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rates by a factor when a metric has not become better for some epochs.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    readonly bool smallest, relative;
                    readonly double factor, threshold, eps;
                    readonly int patience, cooldown;
                    readonly double[] least;
                    double best;
                    int bad, cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-08, bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1) throw new ArgumentException("Factor should be < 1.0");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode {mode} is unknown!");
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"threshold mode {threshold_mode} is unknown!");
                        smallest = mode == "min";
                        relative = threshold_mode == "rel";
                        (this.factor, this.patience, this.threshold, this.cooldown, this.eps) = (factor, patience, threshold, cooldown, eps);
                        int groups = optimizer.ParamGroups.Count();
                        least = min_lr is null || min_lr.Count == 0 ? new double[groups] : min_lr.Count == 1 ? [.. Enumerable.Repeat(min_lr[0], groups)] : [.. min_lr];
                        best = smallest ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => throw new InvalidOperationException("step() should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    public override void step(int? epoch) => throw new InvalidOperationException("step(int?) should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                    public override void step(double current, int? epoch = null)
                    {
                        this.epoch = epoch ?? this.epoch + 1;
                        if (IsBetter(current))
                        {
                            best = current;
                            bad = 0;
                        }
                        else bad++;
                        if (cooling > 0)
                        {
                            cooling--;
                            bad = 0;
                        }
                        if (bad <= patience) return;
                        Reduce();
                        cooling = cooldown;
                        bad = 0;
                    }

                    bool IsBetter(double value) => (smallest, relative) switch
                    {
                        (true, true) => value < best * (1 - threshold),
                        (true, false) => value < best - threshold,
                        (false, true) => value > best * (1 + threshold),
                        _ => value > best + threshold,
                    };

                    void Reduce()
                    {
                        int i = 0;
                        foreach (ILearningRateController group in optimizer.ParamGroups)
                        {
                            double old = group.LearningRate, rate = Math.Max(old * factor, least[i]);
                            if (old - rate > eps)
                            {
                                group.LearningRate = rate;
                                if (verbose) Console.WriteLine($"Epoch {epoch}: reducing learning rate of group {i} to {rate:g4}.");
                            }
                            lastRates[i++] = group.LearningRate;
                        }
                    }
                }
            }
        }
    }
}
