namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>The rates times a factor until an epoch, then as they were.</summary>
                public class ConstantLR : LRScheduler
                {
                    readonly double factor;
                    readonly int total;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        this.factor = factor;
                        total = total_iters;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 ? Rates.Select(r => r * factor) : epoch == total ? Rates.Select(r => r / factor) : Rates;

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => epoch >= total ? r : r * factor);
                }
            }
        }
    }
}
