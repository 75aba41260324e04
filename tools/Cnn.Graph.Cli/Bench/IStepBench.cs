namespace Cnn.Graph.Cli.Bench;

/// <summary>Something whose steps are timed.</summary>
internal interface IStepBench : IDisposable
{
    /// <summary>Does one step, feeding its batch included.</summary>
    void Step();
}
