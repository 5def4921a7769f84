namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>The rates times a factor that goes in a line from one value to another.</summary>
                public class LinearLR : LRScheduler
                {
                    readonly double from;
                    readonly double to;
                    readonly int total;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        from = start_factor;
                        to = end_factor;
                        total = total_iters;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (epoch == 0) return Rates.Select(r => r * from);
                        double change = 1 + (to - from) / (total * from + (epoch - 1) * (to - from));
                        return epoch > total ? Rates : Rates.Select(r => r * change);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => r * (from + (to - from) * Math.Min(total, epoch) / total));
                }
            }
        }
    }
}
