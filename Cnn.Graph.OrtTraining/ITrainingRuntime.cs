namespace Cnn.Graph.OrtTraining;

/// <summary>Numbers for an input of a model: <see cref="float"/> or <see cref="long"/>, which the runtime reads where they lie.</summary>
internal readonly record struct Feed(string Name, Array Numbers, long[] Dims);

/// <summary>What ONNX Runtime Training can do with loaded artifacts, in whatever process it runs.</summary>
internal interface ITrainingRuntime : IDisposable
{
    /// <summary>What the training model is fed, in this order.</summary>
    IReadOnlyList<string> Inputs { get; }

    /// <summary>Runs the training model, which adds to the gradients.</summary>
    /// <returns>The outputs by name.</returns>
    IReadOnlyDictionary<string, float[]> TrainStep(IReadOnlyList<Feed> feeds);

    /// <summary>Moves the parameters, and has gradients begin anew.</summary>
    void OptimizerStep(float learningRate);

    /// <summary>Runs the evaluation model.</summary>
    /// <returns>The outputs by name.</returns>
    IReadOnlyDictionary<string, float[]> EvalStep(IReadOnlyList<Feed> feeds);

    /// <summary>Writes a checkpoint with the optimiser's state.</summary>
    void Save(string path);
}
