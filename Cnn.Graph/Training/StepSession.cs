using Cnn.Graph.Ir;
using Cnn.Graph.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Training;

/// <summary>A train-step model on a device, for batches of one size. Variables stay in the store's buffers from step to step.</summary>
internal sealed class StepSession : IDisposable
{
    private readonly TrainModel _model;
    private readonly VariableStore _store;
    private readonly DeviceSession _session;
    private readonly OrtIoBinding?[] _bindings = new OrtIoBinding?[2];
    private readonly RunOptions _options = new();
    private readonly List<(string Name, OrtValue Value)> _fed = [];
    private readonly List<(string Name, OrtValue Value)> _frozen = [];
    private readonly float[] _learningRate = new float[1];
    private readonly float[] _loss = new float[1];
    private readonly float[] _correct = new float[1];
    private readonly string _work;
    private readonly OrtValue _lossValue;
    private readonly OrtValue _correctValue;

    /// <param name="model">The train-step model.</param>
    /// <param name="store">The variables that it moves.</param>
    /// <param name="frozen">The parameters and statistics that it uses but does not move, by name.</param>
    /// <param name="device">The device.</param>
    /// <param name="allowCpuFallback">Whether nodes that the device cannot run may run on the CPU.</param>
    public StepSession(
        TrainModel model, VariableStore store, IReadOnlyDictionary<string, TensorData> frozen, Device device, bool allowCpuFallback = false)
    {
        (_model, _store) = (model, store);
        _session = new DeviceSession(model.Onnx.ToBytes(), device, allowCpuFallback);
        Images = [];
        _work = $"a training step of {model.Graph.Inputs[0].Shape[0].Size} samples";
        Labels = new long[model.Graph.Inputs[0].Shape[0].Size];
        foreach (Input input in model.Graph.Inputs)
        {
            long[] shape = input.Shape.Sizes();
            OrtValue value = input switch
            {
                { Kind: InputKind.Target, Type.Element: ElementType.Int64 } => OrtValue.CreateTensorValueFromMemory(Labels, shape),
                { Kind: InputKind.Target } => OrtValue.CreateTensorValueFromMemory(Targets = new float[TensorData.CountOf(shape)], shape),
                { Kind: InputKind.Scalar } => OrtValue.CreateTensorValueFromMemory(_learningRate, shape),
                { Kind: InputKind.Noise } =>
                    OrtValue.CreateTensorValueFromMemory(Noise[input] = new float[TensorData.CountOf(shape)], shape),
                _ => OrtValue.CreateTensorValueFromMemory(Images = new float[TensorData.CountOf(shape)], shape),
            };
            _fed.Add((model.Names[input], value));
        }

        foreach (Variable variable in model.Graph.Frozen)
        {
            float[] numbers = frozen[variable.Name].Span<float>().ToArray();
            _frozen.Add((model.Names[variable], OrtValue.CreateTensorValueFromMemory(numbers, variable.Shape.Sizes())));
        }

        _lossValue = OrtValue.CreateTensorValueFromMemory(_loss, []);
        _correctValue = OrtValue.CreateTensorValueFromMemory(_correct, []);
    }

    /// <summary>The batch's pictures, to be filled before a step.</summary>
    public float[] Images { get; private set; }

    /// <summary>The batch's class labels, to be filled before a step.</summary>
    public long[] Labels { get; private set; }

    /// <summary>The batch's target values, where the loss compares numbers: 1 at each sample's label, 0 elsewhere.</summary>
    private float[] Targets { get; set; } = [];

    /// <summary>The random numbers, to be filled before a step.</summary>
    public Dictionary<Input, float[]> Noise { get; } = [];

    /// <summary>Trains one step on what the buffers hold.</summary>
    /// <returns>The mean loss of the batch and its right answers (null where the loss has no such notion), both before the step.</returns>
    public (float Loss, long? Correct) Run(float learningRate)
    {
        if (Targets.Length > 0)
        {
            StepFeeds.FillTargets(Targets, Labels);
        }

        _learningRate[0] = learningRate;
        using DeviceSession.Turn turn = _session.Enter();
        OrtIoBinding binding = _bindings[_store.Parity] ??= Bind();
        if (!_session.IsHost)
        {
            // Binding is what copies to the device.
            BindFed(binding);
        }

        _session.Run(_work, _options, binding);
        _store.Swap();
        return (_loss[0], _model.Graph.Correct is null ? null : (long)_correct[0]);
    }

    public void Dispose()
    {
        using DeviceSession.Turn turn = _session.Enter();
        foreach (OrtIoBinding? binding in _bindings)
        {
            binding?.Dispose();
        }

        _fed.ForEach(f => f.Value.Dispose());
        _frozen.ForEach(f => f.Value.Dispose());
        _lossValue.Dispose();
        _correctValue.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    private OrtIoBinding Bind()
    {
        OrtIoBinding binding = _session.Session.CreateIoBinding();
        BindFed(binding);
        _frozen.ForEach(f => binding.BindInput(f.Name, f.Value));
        binding.BindOutput(TrainModel.LossOutput, _lossValue);
        if (_model.Graph.Correct is not null)
        {
            binding.BindOutput(TrainModel.CorrectOutput, _correctValue);
        }

        int i = 0;
        foreach (Variable variable in _model.Graph.Variables)
        {
            string name = _model.Names[variable];
            binding.BindInput(name, _store.Current[i]);
            binding.BindOutput(TrainModel.NextName(name), _store.Next[i]);
            i++;
        }

        return binding;
    }

    private void BindFed(OrtIoBinding binding) => _fed.ForEach(f => binding.BindInput(f.Name, f.Value));
}
