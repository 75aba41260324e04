using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.OrtTraining;

/// <summary>ONNX Runtime Training in this process.</summary>
internal sealed class NativeRuntime : ITrainingRuntime
{
    private readonly CheckpointState _state;
    private readonly TrainingSession _session;

    /// <exception cref="CnnGraphException">The native library cannot train, or refuses the artifacts.</exception>
    public NativeRuntime(ArtifactFolder artifacts)
    {
        TrainingNatives.Require();
        _state = Call("load the checkpoint", () => CheckpointState.LoadCheckpoint(artifacts.Checkpoint));
        try
        {
            _session = Call("load the models", () => new TrainingSession(_state, artifacts.Training, artifacts.Eval, artifacts.Optimizer));
        }
        catch (CnnGraphException)
        {
            _state.Dispose();
            throw;
        }
    }

    public IReadOnlyList<string> Inputs => _session.InputNames(training: true);

    public IReadOnlyDictionary<string, float[]> TrainStep(IReadOnlyList<Feed> feeds) =>
        Run("train a step", feeds, _session.TrainStep, _session.OutputNames(training: true));

    public void OptimizerStep(float learningRate) => Call("move the parameters", () =>
    {
        _session.SetLearningRate(learningRate);
        _session.OptimizerStep();
        _session.LazyResetGrad();
        return true;
    });

    public IReadOnlyDictionary<string, float[]> EvalStep(IReadOnlyList<Feed> feeds) =>
        Run("evaluate", feeds, _session.EvalStep, _session.OutputNames(training: false));

    public void Save(string path) => Call("write a checkpoint", () =>
    {
        CheckpointState.SaveCheckpoint(_state, path, includeOptimizerState: true);
        return true;
    });

    public void Dispose()
    {
        _session.Dispose();
        _state.Dispose();
    }

    private static Dictionary<string, float[]> Run(
        string what,
        IReadOnlyList<Feed> feeds,
        Func<IReadOnlyCollection<OrtValue>, IDisposableReadOnlyCollection<OrtValue>> step,
        List<string> names)
    {
        var inputs = new List<OrtValue>();
        try
        {
            inputs.AddRange(feeds.Select(f => f.Numbers is long[] integers
                ? OrtValue.CreateTensorValueFromMemory(integers, f.Dims)
                : OrtValue.CreateTensorValueFromMemory((float[])f.Numbers, f.Dims)));
            using IDisposableReadOnlyCollection<OrtValue> outputs = Call(what, () => step(inputs));

            // What the training model shows beside its results says that a gradient was added, which is no number.
            return names.Zip(outputs)
                .Where(o => o.Second.GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
                .ToDictionary(o => o.First, o => o.Second.GetTensorDataAsSpan<float>().ToArray());
        }
        finally
        {
            inputs.ForEach(i => i.Dispose());
        }
    }

    private static T Call<T>(string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (OnnxRuntimeException e)
        {
            throw new CnnGraphException($"ONNX Runtime Training could not {what}: {e.Message}", e);
        }
        catch (TypeInitializationException e)
        {
            throw new CnnGraphException($"The C# binding does not go with the native library of ONNX Runtime. {TrainingNatives.Advice}", e);
        }
    }
}
