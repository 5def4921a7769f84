namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Takes the rates to 0 by a power of the part that is left.</summary>
                public class PolynomialLR : LRScheduler
                {
                    readonly double total;
                    readonly double power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        total = total_iters;
                        this.power = power;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => epoch == 0 || epoch > total ? Rates : Rates.Select(r => r * Math.Pow((1 - epoch / total) / (1 - (epoch - 1) / total), power));

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => r * Math.Pow(1 - Math.Min(total, epoch) / total, power));
                }
            }
        }
    }
}
