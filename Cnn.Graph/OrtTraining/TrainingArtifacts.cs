using Cnn.Graph.Files;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// The four files with which ONNX Runtime Training (1.17 to 1.19) trains a network on phones, in browsers and on desktops, made of this
/// library's own gradients. Immutable.
/// </summary>
/// <example>
/// <code>
/// TrainingArtifacts.Of(Model.Initialize(lenet), new() { Optimizer = Optimizer.AdamW(1e-3) }).Save("artifacts");
/// // … trained there …
/// OrtCheckpoint.Load("artifacts/checkpoint").ToModel(lenet).SaveOnnx("lenet5.onnx");
/// </code>
/// </example>
public sealed class TrainingArtifacts
{
    internal const string TrainingFile = "training_model.onnx", EvalFile = "eval_model.onnx";
    internal const string OptimizerFile = "optimizer_model.onnx", CheckpointFile = "checkpoint";

    private TrainingArtifacts(ArtifactGraphs graphs, OrtCheckpoint checkpoint) =>
        (TrainingModel, EvalModel, OptimizerModel, Checkpoint) = (graphs.Training(), graphs.Eval(), graphs.Optimizer(), checkpoint);

    /// <summary>Forward pass, loss and gradients.</summary>
    public OnnxModel TrainingModel { get; }

    /// <summary>The network as it is used: the outputs are the loss, the number of right answers, and those of the network.</summary>
    public OnnxModel EvalModel { get; }

    /// <summary>The optimiser.</summary>
    public OnnxModel OptimizerModel { get; }

    /// <summary>The numbers to start from.</summary>
    public OrtCheckpoint Checkpoint { get; }

    /// <summary>The artifacts for training a model from its present numbers.</summary>
    /// <param name="model">The network and its numbers.</param>
    /// <param name="options">The loss and the optimiser.</param>
    /// <exception cref="CnnGraphException">
    /// The loss does not fit the network, or ONNX Runtime Training has no such optimiser; the message says what it lacks.
    /// </exception>
    public static TrainingArtifacts Of(Model model, TrainingArtifactOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new TrainingArtifactOptions();
        var graphs = new ArtifactGraphs(model.Network, options);
        return new TrainingArtifacts(graphs, CheckpointOf(graphs, model.Weights, null, 0, options.Optimizer, model.Card));
    }

    /// <summary>
    /// The artifacts for going on there with a training that began here: with its loss and optimiser, its parameters, and all that the
    /// optimiser keeps beside them.
    /// </summary>
    /// <param name="trainer">The training, between two steps.</param>
    /// <param name="options">What else the artifacts are made for; its loss and optimiser do not count.</param>
    /// <exception cref="CnnGraphException">ONNX Runtime Training has no such optimiser; the message says what it lacks.</exception>
    public static TrainingArtifacts Of(Trainer trainer, TrainingArtifactOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        options = (options ?? new TrainingArtifactOptions()) with { Loss = trainer.Options.Loss, Optimizer = trainer.Options.Optimizer };
        return Of(trainer.Network, trainer.Variables, trainer.StepsDone, options, trainer.Model.Card);
    }

    /// <param name="network">The network.</param>
    /// <param name="values">All variables of its training by name, with the optimiser's states.</param>
    /// <param name="batches">How many batches were trained.</param>
    /// <param name="options">The loss and the optimiser.</param>
    /// <param name="card">What is known about the network's pictures and answers.</param>
    internal static TrainingArtifacts Of(
        Network network, IReadOnlyDictionary<string, TensorData> values, long batches, TrainingArtifactOptions options, ModelCard card)
    {
        if (batches % options.Optimizer.AccumulationSteps != 0)
        {
            throw new CnnGraphException(
                $"After {batches} batches the training stands within a step of {options.Optimizer.AccumulationSteps}, " +
                "and sums of gradients cannot be handed over.");
        }

        var graphs = new ArtifactGraphs(network, options);
        long steps = batches / options.Optimizer.AccumulationSteps;
        return new TrainingArtifacts(graphs, CheckpointOf(graphs, values, values, steps, options.Optimizer, card));
    }

    /// <summary>Writes the four files; each appears complete or not at all.</summary>
    /// <param name="path">The folder; created if it is not there. Files of these names in it are replaced.</param>
    /// <exception cref="CnnGraphException">A file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.EnsureFolder(path);
        TrainingModel.Save(Path.Combine(path, TrainingFile));
        EvalModel.Save(Path.Combine(path, EvalFile));
        OptimizerModel.Save(Path.Combine(path, OptimizerFile));
        Checkpoint.Save(Path.Combine(path, CheckpointFile));
    }

    private static OrtCheckpoint CheckpointOf(
        ArtifactGraphs graphs,
        IReadOnlyDictionary<string, TensorData> values,
        IReadOnlyDictionary<string, TensorData>? states,
        long steps,
        Optimizer optimizer,
        ModelCard card)
    {
        Dictionary<string, TensorData> Numbers(IEnumerable<Variable> variables) =>
            variables.ToDictionary(graphs.NameOf, v => values.GetValueOrDefault(v.Name) ?? v.Initializer.Draw(v, 0));

        // A runtime that finds no moments begins with zeros.
        OrtOptimizerState? state = states is null && graphs.Rule.Moments.All(m => m.Initial == 0)
            ? null
            : new OrtOptimizerState(steps, (float)optimizer.LearningRate, graphs.Trained.ToDictionary(
                graphs.NameOf,
                p => (IReadOnlyList<TensorData>)[.. graphs.Rule.Moments.Select(m => graphs.Rule.MomentOf(optimizer, m, p, states))]));
        return new OrtCheckpoint(Numbers(graphs.Trained), Numbers(graphs.Frozen), state) { Properties = card.ToMetadata() };
    }
}
