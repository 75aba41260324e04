using Cnn.Graph.Ir;

namespace Cnn.Graph.Optimizers;

internal sealed record Adam : Optimizer
{
    public Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool isAmsGrad, bool isDecoupled)
        : base(learningRate, weightDecay)
    {
        Beta1 = RequireShare(beta1);
        Beta2 = RequireShare(beta2);
        Epsilon = RequirePositive(epsilon);
        IsAmsGrad = isAmsGrad;
        IsDecoupled = isDecoupled;
    }

    public double Beta1 { get; }

    public double Beta2 { get; }

    public double Epsilon { get; }

    public bool IsAmsGrad { get; }

    public bool IsDecoupled { get; }

    private protected override IEnumerable<Update> Step(StepInput s)
    {
        Value d = IsDecoupled ? s.Gradient : s.Decayed;
        State mean = s.State("mean"), meanSquare = s.State("mean_square");
        Value m = (Beta1 * mean) + ((1 - Beta1) * d), v = (Beta2 * meanSquare) + ((1 - Beta2) * (d * d));
        yield return new Update(mean, m);
        yield return new Update(meanSquare, v);
        Value largest = v;
        if (IsAmsGrad)
        {
            State past = s.State("largest_mean_square");
            largest = past.Maximum(v);
            yield return new Update(past, largest);
        }

        // Both averages start at zero; dividing by what their weights sum to so far takes that out.
        Value rate = s.Rate / s.Shared.WeightSum("mean_weight", Beta1);
        Value root = (largest / s.Shared.WeightSum("mean_square_weight", Beta2)).Sqrt();
        yield return new Update(s.Parameter, (IsDecoupled ? s.Shrunk : s.Parameter) - (rate * m / (root + Epsilon)));
    }
}
