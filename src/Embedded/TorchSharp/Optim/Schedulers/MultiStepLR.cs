namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rates by gamma at milestones.</summary>
                public class MultiStepLR : LRScheduler
                {
                    readonly int[] milestones;
                    readonly double gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        this.milestones = [.. milestones];
                        this.gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => milestones.Contains(epoch) ? Rates.Select(r => r * gamma) : Rates;

                    protected override IEnumerable<double> get_closed_form_lr() => baseRates.Select(r => r * Math.Pow(gamma, milestones.Distinct().Count(m => m <= epoch)));
                }
            }
        }
    }
}
